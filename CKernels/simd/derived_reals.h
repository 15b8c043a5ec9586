// The derived vocabulary of one width of floats. Included once for each, by derived.h.

/// The first n of the lanes p[0], p[stride], p[2*stride] …; the others are zero.
#define vf_gather_strided_first CK_VF(gather_strided_first)
CK_INLINE vf vf_gather_strided_first(const real *p, int64_t stride, int64_t n) {
  real lanes[VF_LANES] = {0};
  CK_SHORT_LOOP for (int64_t lane = 0; lane < n; lane++) lanes[lane] = p[lane * stride];
  return vf_load(lanes);
}

/// Stores the first n lanes at p[0], p[stride], p[2*stride] ….
#define vf_scatter_strided_first CK_VF(scatter_strided_first)
CK_INLINE void vf_scatter_strided_first(real *p, int64_t stride, vf v, int64_t n) {
  real lanes[VF_LANES];
  vf_store(lanes, v);
  CK_SHORT_LOOP for (int64_t lane = 0; lane < n; lane++) p[lane * stride] = lanes[lane];
}

/// The greater, or the smaller, of a and b; NaN where either is NaN.
#define vf_max_nan CK_VF(max_nan)
#define vf_min_nan CK_VF(min_nan)
CK_INLINE vf vf_max_nan(vf a, vf b) { return vf_select(vf_is_nan(a), a, vf_max(a, b)); }
CK_INLINE vf vf_min_nan(vf a, vf b) { return vf_select(vf_is_nan(a), a, vf_min(a, b)); }

/// Transposes a square of vectors: lane i of vector j and lane j of vector i change places.
#define vf_transpose CK_VF(transpose)
CK_INLINE void vf_transpose(vf square[VF_LANES]) {
  // Each pass interleaves the first half with the second.
#pragma clang loop unroll(full)
  for (int width = 1; width < VF_LANES; width *= 2) {
    vf mixed[VF_LANES];
#pragma clang loop unroll(full)
    for (int i = 0; i < VF_LANES / 2; i++) {
      mixed[2 * i] = vf_zip_low(square[i], square[i + VF_LANES / 2]);
      mixed[2 * i + 1] = vf_zip_high(square[i], square[i + VF_LANES / 2]);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < VF_LANES; i++) square[i] = mixed[i];
  }
}

/// Loads a square whose line i begins at source + i * stride, transposed: lane i of vector j is element j of line i.
#define vf_load_transposed CK_VF(load_transposed)
#ifndef CK_LOADS_TRANSPOSED
CK_INLINE void vf_load_transposed(vf square[VF_LANES], const real *source, int64_t stride) {
#pragma clang loop unroll(full)
  for (int i = 0; i < VF_LANES; i++) square[i] = vf_load(source + i * stride);
  vf_transpose(square);
}
#endif

/// The elements of even number of a and b, one after the other: what `vf_zip_low` and `vf_zip_high` took apart.
#define vf_even CK_VF(even)
CK_INLINE vf vf_even(vf a, vf b) {
#if VF_LANES == 16
  return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
#elif VF_LANES == 8
  return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
#elif VF_LANES == 4
  return __builtin_shufflevector(a, b, 0, 2, 4, 6);
#else
  return __builtin_shufflevector(a, b, 0, 2);
#endif
}

/// p[index[0]], p[index[1]] ….
#define vf_gather CK_VF(gather)
#ifndef CK_GATHERS
CK_INLINE vf vf_gather(const real *p, const int32_t *index) {
  real lanes[VF_LANES];
  for (int lane = 0; lane < VF_LANES; lane++) lanes[lane] = p[index[lane]];
  return vf_load(lanes);
}
#endif
