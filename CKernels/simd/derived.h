// The part of the vector vocabulary that is the same on every ISA, written with the rest of it.
#ifndef CK_SIMD_DERIVED_H
#define CK_SIMD_DERIVED_H

#include "names.h"

/// Keeps the compiler from unrolling a loop over a few lanes into more code than it can ever repay.
#define CK_SHORT_LOOP _Pragma("clang loop vectorize(disable) unroll(disable)")

#define CK_BITS 64
#include "derived_reals.h"
#undef CK_BITS
#define CK_BITS 32
#include "derived_reals.h"

// float32 is the type at hand wherever simd/each_float.h does not choose another.
#define CK_DTYPE f32

/// Stores past the caches, where `p` is aligned to the size of what is stored. `vf32_streaming_fence` must follow
/// before another thread may read it.
CK_INLINE void vf32_store_streaming(float *p, vf32 v) { __builtin_nontemporal_store(v, (vf32 *)p); }
CK_INLINE void vf64_store_streaming(double *p, vf64 v) { __builtin_nontemporal_store(v, (vf64 *)p); }
#ifndef CK_STREAMS_HALVES
CK_INLINE void vf32_store_streaming_f16(ck_f16 *p, vf32 v) { vf32_store_f16(p, v); }
CK_INLINE void vf32_store_streaming_bf16(ck_bf16 *p, vf32 v) { vf32_store_bf16(p, v); }
#endif
CK_INLINE void vf32_streaming_fence(void) {
#if CK_BUILDS_X86
  __builtin_ia32_sfence();
#endif
}

/// As `vf32_load_transposed`, of 16-bit floats.
#define CK_TRANSPOSED_HALVES(type)                                                                                   \
  CK_INLINE void vf32_load_transposed_##type(vf32 square[VF32_LANES], const ck_##type *source, int64_t stride) {     \
    _Pragma("clang loop unroll(full)") for (int i = 0; i < VF32_LANES; i++) {                                        \
      square[i] = vf32_load_##type(source + i * stride);                                                             \
    }                                                                                                                \
    vf32_transpose(square);                                                                                          \
  }
CK_TRANSPOSED_HALVES(f16)
CK_TRANSPOSED_HALVES(bf16)
#undef CK_TRANSPOSED_HALVES

/// a * 2^n, rounded once, for integral n of magnitude up to 252, or 2044 for float64, and a from 1/2 to 2; a NaN a
/// gives NaN.
#ifndef CK_SCALES_BY_POWER
CK_INLINE vf32 vf32_scale_by_power(vf32 a, vf32 n) {
  // Two steps, so that neither power leaves the range of floats and only the last product is rounded.
  vi32 whole = vf32_to_vi32(n), half = vi32_shift_right_arithmetic(whole, 1);
  vi32 rest = vi32_sub(whole, half), bias = vi32_set1(127);
  a = vf32_mul(a, vi32_as_vf32(vi32_shift_left(vi32_add(half, bias), 23)));
  return vf32_mul(a, vi32_as_vf32(vi32_shift_left(vi32_add(rest, bias), 23)));
}
CK_INLINE vf64 vf64_scale_by_power(vf64 a, vf64 n) {
  vi64 whole = vf64_to_vi64(n), half = vi64_shift_right_arithmetic(whole, 1);
  vi64 rest = vi64_sub(whole, half), bias = vi64_set1(1023);
  a = vf64_mul(a, vi64_as_vf64(vi64_shift_left(vi64_add(half, bias), 52)));
  return vf64_mul(a, vi64_as_vf64(vi64_shift_left(vi64_add(rest, bias), 52)));
}
#endif

/// Asks for the cache line at p, in the first-level cache or only in the second. Any address is allowed.
CK_INLINE void vf32_prefetch(const void *p) { __builtin_prefetch(p, 0, 3); }
CK_INLINE void vf32_prefetch_second(const void *p) { __builtin_prefetch(p, 0, 2); }

#endif
