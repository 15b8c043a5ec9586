// The part of the vector vocabulary that is the same on every ISA, written with the rest of it.
#ifndef CK_SIMD_DERIVED_H
#define CK_SIMD_DERIVED_H

/// Keeps the compiler from unrolling a loop over a few lanes into more code than it can ever repay.
#define CK_SHORT_LOOP _Pragma("clang loop vectorize(disable) unroll(disable)")

/// The lanes p[0], p[stride], p[2*stride] ….
CK_INLINE vf32 vf32_gather_strided(const float *p, int64_t stride) {
  float lanes[VF32_LANES];
  for (int lane = 0; lane < VF32_LANES; lane++) lanes[lane] = p[lane * stride];
  return vf32_load(lanes);
}

/// As `vf32_gather_strided`, of the first n lanes; the others are zero.
CK_INLINE vf32 vf32_gather_strided_first(const float *p, int64_t stride, int64_t n) {
  float lanes[VF32_LANES] = {0};
  CK_SHORT_LOOP for (int64_t lane = 0; lane < n; lane++) lanes[lane] = p[lane * stride];
  return vf32_load(lanes);
}

/// Stores the lanes at p[0], p[stride], p[2*stride] ….
CK_INLINE void vf32_scatter_strided(float *p, int64_t stride, vf32 v) {
  float lanes[VF32_LANES];
  vf32_store(lanes, v);
  for (int lane = 0; lane < VF32_LANES; lane++) p[lane * stride] = lanes[lane];
}

/// As `vf32_scatter_strided`, of the first n lanes.
CK_INLINE void vf32_scatter_strided_first(float *p, int64_t stride, vf32 v, int64_t n) {
  float lanes[VF32_LANES];
  vf32_store(lanes, v);
  CK_SHORT_LOOP for (int64_t lane = 0; lane < n; lane++) p[lane * stride] = lanes[lane];
}

/// The greater, or the smaller, of a and b; NaN where either is NaN.
CK_INLINE vf32 vf32_max_nan(vf32 a, vf32 b) { return vf32_select(vf32_is_nan(a), a, vf32_max(a, b)); }
CK_INLINE vf32 vf32_min_nan(vf32 a, vf32 b) { return vf32_select(vf32_is_nan(a), a, vf32_min(a, b)); }

/// Stores past the caches, where `p` is aligned to the vector's size. `vf32_streaming_fence` must follow before
/// another thread may read what was stored.
CK_INLINE void vf32_store_streaming(float *p, vf32 v) { __builtin_nontemporal_store(v, (vf32 *)p); }
CK_INLINE void vf32_streaming_fence(void) {
#if CK_BUILDS_X86
  __builtin_ia32_sfence();
#endif
}

/// Asks for the cache line at p. Any address is allowed.
CK_INLINE void vf32_prefetch(const void *p) { __builtin_prefetch(p, 0, 3); }

#endif
