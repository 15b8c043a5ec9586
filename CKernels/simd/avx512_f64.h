// The float64 part of the vector vocabulary on AVX-512: eight lanes.
#ifndef CK_SIMD_AVX512_F64_H
#define CK_SIMD_AVX512_F64_H

#define VF64_LANES 8

typedef __m512d vf64;
typedef __m512i vi64;
typedef __mmask8 vm64;

// Masks.
CK_INLINE vm64 vm64_first(int64_t n) { return (vm64)((1u << n) - 1u); }
CK_INLINE vm64 vm64_and(vm64 a, vm64 b) { return (vm64)(a & b); }
CK_INLINE vm64 vm64_or(vm64 a, vm64 b) { return (vm64)(a | b); }
CK_INLINE vm64 vm64_not(vm64 a) { return (vm64)~a; }
CK_INLINE vm64 vm64_andnot(vm64 a, vm64 b) { return (vm64)(~a & b); }
CK_INLINE bool vm64_any(vm64 m) { return m != 0; }
CK_INLINE bool vm64_all(vm64 m) { return m == 0xff; }
CK_INLINE vm64 vm64_load_bytes(const uint8_t *p) {
  __m128i bytes = _mm_loadu_si64(p);
  return (vm64)_mm_test_epi8_mask(bytes, bytes);
}
CK_INLINE vm64 vm64_load_bytes_first(const uint8_t *p, int64_t n) {
  __m128i bytes = _mm_maskz_loadu_epi8(vm64_first(n), p);
  return (vm64)_mm_test_epi8_mask(bytes, bytes);
}
CK_INLINE void vm64_store_bytes(uint8_t *p, vm64 m) { _mm_storeu_si64(p, _mm_maskz_set1_epi8(m, 1)); }
CK_INLINE void vm64_store_bytes_first(uint8_t *p, vm64 m, int64_t n) {
  _mm_mask_storeu_epi8(p, vm64_first(n), _mm_maskz_set1_epi8(m, 1));
}

// Floats: memory and constants.
CK_INLINE vf64 vf64_zero(void) { return _mm512_setzero_pd(); }
CK_INLINE vf64 vf64_set1(double x) { return _mm512_set1_pd(x); }
CK_INLINE vf64 vf64_load(const double *p) { return _mm512_loadu_pd(p); }
CK_INLINE void vf64_store(double *p, vf64 v) { _mm512_storeu_pd(p, v); }
CK_INLINE vf64 vf64_load_first(const double *p, int64_t n) { return _mm512_maskz_loadu_pd(vm64_first(n), p); }
CK_INLINE void vf64_store_first(double *p, vf64 v, int64_t n) { _mm512_mask_storeu_pd(p, vm64_first(n), v); }

// Floats: arithmetic.
CK_INLINE vf64 vf64_add(vf64 a, vf64 b) { return _mm512_add_pd(a, b); }
CK_INLINE vf64 vf64_sub(vf64 a, vf64 b) { return _mm512_sub_pd(a, b); }
CK_INLINE vf64 vf64_mul(vf64 a, vf64 b) { return _mm512_mul_pd(a, b); }
CK_INLINE vf64 vf64_div(vf64 a, vf64 b) { return _mm512_div_pd(a, b); }
CK_INLINE vf64 vf64_sqrt(vf64 a) { return _mm512_sqrt_pd(a); }
CK_INLINE vf64 vf64_fma(vf64 a, vf64 b, vf64 c) { return _mm512_fmadd_pd(a, b, c); }
CK_INLINE vf64 vf64_fnma(vf64 a, vf64 b, vf64 c) { return _mm512_fnmadd_pd(a, b, c); }
CK_INLINE vf64 vf64_max(vf64 a, vf64 b) { return _mm512_max_pd(a, b); }
CK_INLINE vf64 vf64_min(vf64 a, vf64 b) { return _mm512_min_pd(a, b); }
CK_INLINE vf64 vf64_abs(vf64 a) { return _mm512_andnot_pd(_mm512_set1_pd(-0.0), a); }
CK_INLINE vf64 vf64_neg(vf64 a) { return _mm512_xor_pd(_mm512_set1_pd(-0.0), a); }
CK_INLINE vf64 vf64_copysign(vf64 magnitude, vf64 sign) {
  __m512d bit = _mm512_set1_pd(-0.0);
  return _mm512_or_pd(_mm512_andnot_pd(bit, magnitude), _mm512_and_pd(bit, sign));
}
CK_INLINE vf64 vf64_round(vf64 a) {
  return _mm512_roundscale_pd(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}
CK_INLINE vf64 vf64_scale_by_power(vf64 a, vf64 n) { return _mm512_scalef_pd(a, n); }
CK_INLINE vf64 vf64_floor(vf64 a) { return _mm512_roundscale_pd(a, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC); }

// Floats: comparison and selection.
CK_INLINE vm64 vf64_eq(vf64 a, vf64 b) { return _mm512_cmp_pd_mask(a, b, _CMP_EQ_OQ); }
CK_INLINE vm64 vf64_ne(vf64 a, vf64 b) { return _mm512_cmp_pd_mask(a, b, _CMP_NEQ_UQ); }
CK_INLINE vm64 vf64_lt(vf64 a, vf64 b) { return _mm512_cmp_pd_mask(a, b, _CMP_LT_OQ); }
CK_INLINE vm64 vf64_le(vf64 a, vf64 b) { return _mm512_cmp_pd_mask(a, b, _CMP_LE_OQ); }
CK_INLINE vm64 vf64_gt(vf64 a, vf64 b) { return _mm512_cmp_pd_mask(a, b, _CMP_GT_OQ); }
CK_INLINE vm64 vf64_ge(vf64 a, vf64 b) { return _mm512_cmp_pd_mask(a, b, _CMP_GE_OQ); }
CK_INLINE vm64 vf64_is_nan(vf64 a) { return _mm512_cmp_pd_mask(a, a, _CMP_UNORD_Q); }
CK_INLINE vf64 vf64_select(vm64 m, vf64 a, vf64 b) { return _mm512_mask_blend_pd(m, b, a); }

// Integers.
CK_INLINE vi64 vi64_set1(int64_t x) { return _mm512_set1_epi64(x); }
CK_INLINE vi64 vi64_load(const int64_t *p) { return _mm512_loadu_si512(p); }
CK_INLINE void vi64_store(int64_t *p, vi64 v) { _mm512_storeu_si512(p, v); }
CK_INLINE vi64 vi64_load_first(const int64_t *p, int64_t n) { return _mm512_maskz_loadu_epi64(vm64_first(n), p); }
CK_INLINE void vi64_store_first(int64_t *p, vi64 v, int64_t n) { _mm512_mask_storeu_epi64(p, vm64_first(n), v); }
CK_INLINE vi64 vi64_iota(void) { return _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7); }
CK_INLINE vi64 vi64_add(vi64 a, vi64 b) { return _mm512_add_epi64(a, b); }
CK_INLINE vi64 vi64_sub(vi64 a, vi64 b) { return _mm512_sub_epi64(a, b); }
CK_INLINE vi64 vi64_and(vi64 a, vi64 b) { return _mm512_and_si512(a, b); }
CK_INLINE vi64 vi64_or(vi64 a, vi64 b) { return _mm512_or_si512(a, b); }
CK_INLINE vi64 vi64_xor(vi64 a, vi64 b) { return _mm512_xor_si512(a, b); }
CK_INLINE vi64 vi64_shift_left(vi64 a, int n) { return _mm512_slli_epi64(a, (unsigned)n); }
CK_INLINE vi64 vi64_shift_right_logical(vi64 a, int n) { return _mm512_srli_epi64(a, (unsigned)n); }
CK_INLINE vi64 vi64_shift_right_arithmetic(vi64 a, int n) { return _mm512_srai_epi64(a, (unsigned)n); }
CK_INLINE vm64 vi64_eq(vi64 a, vi64 b) { return _mm512_cmpeq_epi64_mask(a, b); }
CK_INLINE vm64 vi64_gt(vi64 a, vi64 b) { return _mm512_cmpgt_epi64_mask(a, b); }
CK_INLINE vi64 vi64_select(vm64 m, vi64 a, vi64 b) { return _mm512_mask_blend_epi64(m, b, a); }

// Between floats and integers.
CK_INLINE vi64 vf64_to_vi64(vf64 a) { return _mm512_cvtpd_epi64(a); }
CK_INLINE vf64 vi64_to_vf64(vi64 a) { return _mm512_cvtepi64_pd(a); }
CK_INLINE vi64 vf64_as_vi64(vf64 a) { return _mm512_castpd_si512(a); }
CK_INLINE vf64 vi64_as_vf64(vi64 a) { return _mm512_castsi512_pd(a); }

// Across lanes.
/// As `vf32_load_transposed`.
CK_INLINE void vf64_load_transposed(vf64 square[8], const double *source, int64_t stride) {
#pragma clang loop unroll(full)
  for (int half = 0; half < 2; half++) {
    const double *columns = source + 4 * half;
    vf64 pairs[4];
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) {
      const double *start = columns + (i < 2 ? i : i + 2) * stride;
      pairs[i] = _mm512_castpd256_pd512(_mm256_loadu_pd(start));
      pairs[i] = _mm512_insertf64x4(pairs[i], _mm256_loadu_pd(start + 2 * stride), 1);
    }
#pragma clang loop unroll(full)
    for (int j = 0; j < 2; j++) {
      const vf64 first = j == 0 ? _mm512_unpacklo_pd(pairs[0], pairs[1]) : _mm512_unpackhi_pd(pairs[0], pairs[1]);
      const vf64 last = j == 0 ? _mm512_unpacklo_pd(pairs[2], pairs[3]) : _mm512_unpackhi_pd(pairs[2], pairs[3]);
      square[4 * half + j] = _mm512_shuffle_f64x2(first, last, 0x88);
      square[4 * half + j + 2] = _mm512_shuffle_f64x2(first, last, 0xdd);
    }
  }
}
CK_INLINE vf64 vf64_gather(const double *p, const int32_t *index) {
  return _mm512_i32gather_pd(_mm256_loadu_si256((const __m256i *)index), p, sizeof(double));
}
CK_INLINE vf64 vf64_zip_low(vf64 a, vf64 b) { return __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11); }
CK_INLINE vf64 vf64_zip_high(vf64 a, vf64 b) { return __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15); }
#define CK_REDUCE(combine)                                                                         \
  __m256d four = _mm256_##combine##_pd(_mm512_castpd512_pd256(v), _mm512_extractf64x4_pd(v, 1));   \
  __m128d two = _mm_##combine##_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd(four, 1));  \
  return _mm_cvtsd_f64(_mm_##combine##_sd(two, _mm_unpackhi_pd(two, two)));
CK_INLINE double vf64_reduce_add(vf64 v) { CK_REDUCE(add) }
CK_INLINE double vf64_reduce_max(vf64 v) { CK_REDUCE(max) }
CK_INLINE double vf64_reduce_min(vf64 v) { CK_REDUCE(min) }
#undef CK_REDUCE

#endif
