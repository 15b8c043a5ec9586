// The float64 part of the vector vocabulary on AVX2: four lanes.
#ifndef CK_SIMD_AVX2_F64_H
#define CK_SIMD_AVX2_F64_H

#define VF64_LANES 4

typedef __m256d vf64;
typedef __m256i vi64;
typedef __m256i vm64;

CK_INLINE vi64 vi64_iota(void) { return _mm256_setr_epi64x(0, 1, 2, 3); }

// Masks.
CK_INLINE vm64 vm64_first(int64_t n) { return _mm256_cmpgt_epi64(_mm256_set1_epi64x(n), vi64_iota()); }
CK_INLINE vm64 vm64_and(vm64 a, vm64 b) { return _mm256_and_si256(a, b); }
CK_INLINE vm64 vm64_or(vm64 a, vm64 b) { return _mm256_or_si256(a, b); }
CK_INLINE vm64 vm64_not(vm64 a) { return _mm256_xor_si256(a, _mm256_set1_epi64x(-1)); }
CK_INLINE vm64 vm64_andnot(vm64 a, vm64 b) { return _mm256_andnot_si256(a, b); }
CK_INLINE bool vm64_any(vm64 m) { return _mm256_movemask_pd(_mm256_castsi256_pd(m)) != 0; }
CK_INLINE bool vm64_all(vm64 m) { return _mm256_movemask_pd(_mm256_castsi256_pd(m)) == 0xf; }
CK_INLINE vm64 vm64_load_bytes(const uint8_t *p) {
  __m256i wide = _mm256_cvtepu8_epi64(_mm_loadu_si32(p));
  return _mm256_cmpgt_epi64(wide, _mm256_setzero_si256());
}
CK_INLINE vm64 vm64_load_bytes_first(const uint8_t *p, int64_t n) {
  uint8_t bytes[4] = {0};
  memcpy(bytes, p, (size_t)n);
  return vm64_load_bytes(bytes);
}
CK_INLINE void vm64_store_bytes(uint8_t *p, vm64 m) {
  __m128i words = _mm_packs_epi32(_mm256_castsi256_si128(m), _mm256_extracti128_si256(m, 1));
  __m128i halves = _mm_packs_epi16(words, words);
  // Each truth value now fills two bytes.
  __m128i bytes = _mm_and_si128(_mm_packs_epi16(halves, halves), _mm_set1_epi8(1));
  _mm_storeu_si32(p, bytes);
}
CK_INLINE void vm64_store_bytes_first(uint8_t *p, vm64 m, int64_t n) {
  uint8_t bytes[4];
  vm64_store_bytes(bytes, m);
  memcpy(p, bytes, (size_t)n);
}

// Floats: memory and constants.
CK_INLINE vf64 vf64_zero(void) { return _mm256_setzero_pd(); }
CK_INLINE vf64 vf64_set1(double x) { return _mm256_set1_pd(x); }
CK_INLINE vf64 vf64_load(const double *p) { return _mm256_loadu_pd(p); }
CK_INLINE void vf64_store(double *p, vf64 v) { _mm256_storeu_pd(p, v); }
CK_INLINE vf64 vf64_load_first(const double *p, int64_t n) { return _mm256_maskload_pd(p, vm64_first(n)); }
CK_INLINE void vf64_store_first(double *p, vf64 v, int64_t n) { _mm256_maskstore_pd(p, vm64_first(n), v); }

// Floats: arithmetic.
CK_INLINE vf64 vf64_add(vf64 a, vf64 b) { return _mm256_add_pd(a, b); }
CK_INLINE vf64 vf64_sub(vf64 a, vf64 b) { return _mm256_sub_pd(a, b); }
CK_INLINE vf64 vf64_mul(vf64 a, vf64 b) { return _mm256_mul_pd(a, b); }
CK_INLINE vf64 vf64_div(vf64 a, vf64 b) { return _mm256_div_pd(a, b); }
CK_INLINE vf64 vf64_sqrt(vf64 a) { return _mm256_sqrt_pd(a); }
CK_INLINE vf64 vf64_fma(vf64 a, vf64 b, vf64 c) { return _mm256_fmadd_pd(a, b, c); }
CK_INLINE vf64 vf64_fnma(vf64 a, vf64 b, vf64 c) { return _mm256_fnmadd_pd(a, b, c); }
CK_INLINE vf64 vf64_max(vf64 a, vf64 b) { return _mm256_max_pd(a, b); }
CK_INLINE vf64 vf64_min(vf64 a, vf64 b) { return _mm256_min_pd(a, b); }
CK_INLINE vf64 vf64_abs(vf64 a) { return _mm256_andnot_pd(_mm256_set1_pd(-0.0), a); }
CK_INLINE vf64 vf64_neg(vf64 a) { return _mm256_xor_pd(_mm256_set1_pd(-0.0), a); }
CK_INLINE vf64 vf64_copysign(vf64 magnitude, vf64 sign) {
  __m256d bit = _mm256_set1_pd(-0.0);
  return _mm256_or_pd(_mm256_andnot_pd(bit, magnitude), _mm256_and_pd(bit, sign));
}
CK_INLINE vf64 vf64_round(vf64 a) { return _mm256_round_pd(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
CK_INLINE vf64 vf64_floor(vf64 a) { return _mm256_round_pd(a, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC); }

// Floats: comparison and selection.
#define CK_COMPARE(name, predicate) \
  CK_INLINE vm64 name(vf64 a, vf64 b) { return _mm256_castpd_si256(_mm256_cmp_pd(a, b, predicate)); }
CK_COMPARE(vf64_eq, _CMP_EQ_OQ)
CK_COMPARE(vf64_ne, _CMP_NEQ_UQ)
CK_COMPARE(vf64_lt, _CMP_LT_OQ)
CK_COMPARE(vf64_le, _CMP_LE_OQ)
CK_COMPARE(vf64_gt, _CMP_GT_OQ)
CK_COMPARE(vf64_ge, _CMP_GE_OQ)
#undef CK_COMPARE
CK_INLINE vm64 vf64_is_nan(vf64 a) { return _mm256_castpd_si256(_mm256_cmp_pd(a, a, _CMP_UNORD_Q)); }
CK_INLINE vf64 vf64_select(vm64 m, vf64 a, vf64 b) { return _mm256_blendv_pd(b, a, _mm256_castsi256_pd(m)); }

// Integers.
CK_INLINE vi64 vi64_set1(int64_t x) { return _mm256_set1_epi64x(x); }
CK_INLINE vi64 vi64_load(const int64_t *p) { return _mm256_loadu_si256((const __m256i *)p); }
CK_INLINE void vi64_store(int64_t *p, vi64 v) { _mm256_storeu_si256((__m256i *)p, v); }
CK_INLINE vi64 vi64_load_first(const int64_t *p, int64_t n) {
  return _mm256_maskload_epi64((const long long *)p, vm64_first(n));
}
CK_INLINE void vi64_store_first(int64_t *p, vi64 v, int64_t n) {
  _mm256_maskstore_epi64((long long *)p, vm64_first(n), v);
}
CK_INLINE vi64 vi64_add(vi64 a, vi64 b) { return _mm256_add_epi64(a, b); }
CK_INLINE vi64 vi64_sub(vi64 a, vi64 b) { return _mm256_sub_epi64(a, b); }
CK_INLINE vi64 vi64_and(vi64 a, vi64 b) { return _mm256_and_si256(a, b); }
CK_INLINE vi64 vi64_or(vi64 a, vi64 b) { return _mm256_or_si256(a, b); }
CK_INLINE vi64 vi64_xor(vi64 a, vi64 b) { return _mm256_xor_si256(a, b); }
CK_INLINE vi64 vi64_shift_left(vi64 a, int n) { return _mm256_slli_epi64(a, n); }
CK_INLINE vi64 vi64_shift_right_logical(vi64 a, int n) { return _mm256_srli_epi64(a, n); }
CK_INLINE vi64 vi64_shift_right_arithmetic(vi64 a, int n) {
  // There is no such instruction: the sign bit is moved along and then spread upwards by a subtraction.
  __m256i sign = _mm256_srli_epi64(_mm256_set1_epi64x(INT64_MIN), n);
  return _mm256_sub_epi64(_mm256_xor_si256(_mm256_srli_epi64(a, n), sign), sign);
}
CK_INLINE vm64 vi64_eq(vi64 a, vi64 b) { return _mm256_cmpeq_epi64(a, b); }
CK_INLINE vm64 vi64_gt(vi64 a, vi64 b) { return _mm256_cmpgt_epi64(a, b); }
CK_INLINE vi64 vi64_select(vm64 m, vi64 a, vi64 b) { return _mm256_blendv_epi8(b, a, m); }

// Between floats and integers. There are no such instructions either: numbers of magnitude below 2^51 are
// moved to where doubles are 1 apart, and their lowest bits are then the integer.
CK_INLINE vi64 vf64_as_vi64(vf64 a) { return _mm256_castpd_si256(a); }
CK_INLINE vf64 vi64_as_vf64(vi64 a) { return _mm256_castsi256_pd(a); }
CK_INLINE vi64 vf64_to_vi64(vf64 a) {
  __m256d shift = _mm256_set1_pd(0x1.8p52);
  return _mm256_sub_epi64(vf64_as_vi64(_mm256_add_pd(a, shift)), vf64_as_vi64(shift));
}
CK_INLINE vf64 vi64_to_vf64(vi64 a) {
  __m256d shift = _mm256_set1_pd(0x1.8p52);
  return _mm256_sub_pd(vi64_as_vf64(_mm256_add_epi64(a, vf64_as_vi64(shift))), shift);
}

// Across lanes.
CK_INLINE vf64 vf64_gather(const double *p, const int32_t *index) {
  return _mm256_i32gather_pd(p, _mm_loadu_si128((const __m128i *)index), sizeof(double));
}
CK_INLINE vf64 vf64_zip_low(vf64 a, vf64 b) { return __builtin_shufflevector(a, b, 0, 4, 1, 5); }
CK_INLINE vf64 vf64_zip_high(vf64 a, vf64 b) { return __builtin_shufflevector(a, b, 2, 6, 3, 7); }
/// As `vf32_load_transposed`.
CK_INLINE void vf64_load_transposed(vf64 square[4], const double *source, int64_t stride) {
#pragma clang loop unroll(full)
  for (int first = 0; first < 4; first += 2) {
    vf64 pairs[2];
#pragma clang loop unroll(full)
    for (int i = 0; i < 2; i++) {
      const double *start = source + first + i * stride;
      pairs[i] = _mm256_castpd128_pd256(_mm_loadu_pd(start));
      pairs[i] = _mm256_insertf128_pd(pairs[i], _mm_loadu_pd(start + 2 * stride), 1);
    }
    square[first] = _mm256_unpacklo_pd(pairs[0], pairs[1]);
    square[first + 1] = _mm256_unpackhi_pd(pairs[0], pairs[1]);
  }
}
#define CK_REDUCE(combine)                                                                    \
  __m128d two = _mm_##combine##_pd(_mm256_castpd256_pd128(v), _mm256_extractf128_pd(v, 1));   \
  return _mm_cvtsd_f64(_mm_##combine##_sd(two, _mm_unpackhi_pd(two, two)));
CK_INLINE double vf64_reduce_add(vf64 v) { CK_REDUCE(add) }
CK_INLINE double vf64_reduce_max(vf64 v) { CK_REDUCE(max) }
CK_INLINE double vf64_reduce_min(vf64 v) { CK_REDUCE(min) }
#undef CK_REDUCE

#endif
