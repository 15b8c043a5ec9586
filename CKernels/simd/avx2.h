// The vector vocabulary on AVX2 with FMA: eight lanes, a mask is a vector whose lanes are all ones or zero.
// What each operation means is said in the portable header, simd/baseline.h.
#ifndef CK_SIMD_AVX2_H
#define CK_SIMD_AVX2_H

#define CK_TILE(op, dtype) CK_TILE_HEAD(op, dtype, avx2)
#define CK_OF_ISA(name) CK_JOIN(name, _avx2)
#define CK_ISA CK_ISA_AVX2
#define VF32_LANES 8

typedef __m256 vf32;
typedef __m256i vi32;
typedef __m256i vm32;

CK_INLINE vi32 vi32_iota(void) { return _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7); }

// Masks.
CK_INLINE vm32 vm32_first(int64_t n) { return _mm256_cmpgt_epi32(_mm256_set1_epi32((int32_t)n), vi32_iota()); }
CK_INLINE vm32 vm32_and(vm32 a, vm32 b) { return _mm256_and_si256(a, b); }
CK_INLINE vm32 vm32_or(vm32 a, vm32 b) { return _mm256_or_si256(a, b); }
CK_INLINE vm32 vm32_not(vm32 a) { return _mm256_xor_si256(a, _mm256_set1_epi32(-1)); }
CK_INLINE vm32 vm32_andnot(vm32 a, vm32 b) { return _mm256_andnot_si256(a, b); }
CK_INLINE bool vm32_any(vm32 m) { return _mm256_movemask_ps(_mm256_castsi256_ps(m)) != 0; }
CK_INLINE bool vm32_all(vm32 m) { return _mm256_movemask_ps(_mm256_castsi256_ps(m)) == 0xff; }
CK_INLINE vm32 vm32_load_bytes(const uint8_t *p) {
  __m256i wide = _mm256_cvtepu8_epi32(_mm_loadu_si64(p));
  return _mm256_cmpgt_epi32(wide, _mm256_setzero_si256());
}
CK_INLINE vm32 vm32_load_bytes_first(const uint8_t *p, int64_t n) {
  uint8_t bytes[8] = {0};
  memcpy(bytes, p, (size_t)n);
  return vm32_load_bytes(bytes);
}
CK_INLINE void vm32_store_bytes(uint8_t *p, vm32 m) {
  __m128i halves = _mm_packs_epi32(_mm256_castsi256_si128(m), _mm256_extracti128_si256(m, 1));
  __m128i bytes = _mm_and_si128(_mm_packs_epi16(halves, halves), _mm_set1_epi8(1));
  _mm_storeu_si64(p, bytes);
}
CK_INLINE void vm32_store_bytes_first(uint8_t *p, vm32 m, int64_t n) {
  uint8_t bytes[8];
  vm32_store_bytes(bytes, m);
  memcpy(p, bytes, (size_t)n);
}

// Floats: memory and constants.
CK_INLINE vf32 vf32_zero(void) { return _mm256_setzero_ps(); }
CK_INLINE vf32 vf32_set1(float x) { return _mm256_set1_ps(x); }
CK_INLINE vf32 vf32_load(const float *p) { return _mm256_loadu_ps(p); }
CK_INLINE void vf32_store(float *p, vf32 v) { _mm256_storeu_ps(p, v); }
CK_INLINE vf32 vf32_load_first(const float *p, int64_t n) { return _mm256_maskload_ps(p, vm32_first(n)); }
CK_INLINE void vf32_store_first(float *p, vf32 v, int64_t n) { _mm256_maskstore_ps(p, vm32_first(n), v); }

// Floats: arithmetic.
CK_INLINE vf32 vf32_add(vf32 a, vf32 b) { return _mm256_add_ps(a, b); }
CK_INLINE vf32 vf32_sub(vf32 a, vf32 b) { return _mm256_sub_ps(a, b); }
CK_INLINE vf32 vf32_mul(vf32 a, vf32 b) { return _mm256_mul_ps(a, b); }
CK_INLINE vf32 vf32_div(vf32 a, vf32 b) { return _mm256_div_ps(a, b); }
CK_INLINE vf32 vf32_sqrt(vf32 a) { return _mm256_sqrt_ps(a); }
CK_INLINE vf32 vf32_fma(vf32 a, vf32 b, vf32 c) { return _mm256_fmadd_ps(a, b, c); }
CK_INLINE vf32 vf32_fnma(vf32 a, vf32 b, vf32 c) { return _mm256_fnmadd_ps(a, b, c); }
CK_INLINE vf32 vf32_max(vf32 a, vf32 b) { return _mm256_max_ps(a, b); }
CK_INLINE vf32 vf32_min(vf32 a, vf32 b) { return _mm256_min_ps(a, b); }
CK_INLINE vf32 vf32_abs(vf32 a) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), a); }
CK_INLINE vf32 vf32_neg(vf32 a) { return _mm256_xor_ps(_mm256_set1_ps(-0.0f), a); }
CK_INLINE vf32 vf32_copysign(vf32 magnitude, vf32 sign) {
  __m256 bit = _mm256_set1_ps(-0.0f);
  return _mm256_or_ps(_mm256_andnot_ps(bit, magnitude), _mm256_and_ps(bit, sign));
}
CK_INLINE vf32 vf32_round(vf32 a) { return _mm256_round_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
CK_INLINE vf32 vf32_floor(vf32 a) { return _mm256_round_ps(a, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC); }

// Floats: comparison and selection.
#define CK_COMPARE(name, predicate) \
  CK_INLINE vm32 name(vf32 a, vf32 b) { return _mm256_castps_si256(_mm256_cmp_ps(a, b, predicate)); }
CK_COMPARE(vf32_eq, _CMP_EQ_OQ)
CK_COMPARE(vf32_ne, _CMP_NEQ_UQ)
CK_COMPARE(vf32_lt, _CMP_LT_OQ)
CK_COMPARE(vf32_le, _CMP_LE_OQ)
CK_COMPARE(vf32_gt, _CMP_GT_OQ)
CK_COMPARE(vf32_ge, _CMP_GE_OQ)
#undef CK_COMPARE
CK_INLINE vm32 vf32_is_nan(vf32 a) { return _mm256_castps_si256(_mm256_cmp_ps(a, a, _CMP_UNORD_Q)); }
CK_INLINE vf32 vf32_select(vm32 m, vf32 a, vf32 b) { return _mm256_blendv_ps(b, a, _mm256_castsi256_ps(m)); }

// Integers.
CK_INLINE vi32 vi32_set1(int32_t x) { return _mm256_set1_epi32(x); }
CK_INLINE vi32 vi32_load(const int32_t *p) { return _mm256_loadu_si256((const __m256i *)p); }
CK_INLINE void vi32_store(int32_t *p, vi32 v) { _mm256_storeu_si256((__m256i *)p, v); }
CK_INLINE vi32 vi32_load_first(const int32_t *p, int64_t n) { return _mm256_maskload_epi32(p, vm32_first(n)); }
CK_INLINE void vi32_store_first(int32_t *p, vi32 v, int64_t n) { _mm256_maskstore_epi32(p, vm32_first(n), v); }
CK_INLINE vi32 vi32_add(vi32 a, vi32 b) { return _mm256_add_epi32(a, b); }
CK_INLINE vi32 vi32_sub(vi32 a, vi32 b) { return _mm256_sub_epi32(a, b); }
CK_INLINE vi32 vi32_mul(vi32 a, vi32 b) { return _mm256_mullo_epi32(a, b); }
CK_INLINE vi32 vi32_mul_high_unsigned(vi32 a, vi32 b) {
  __m256i even = _mm256_srli_epi64(_mm256_mul_epu32(a, b), 32);
  __m256i odd = _mm256_mul_epu32(_mm256_srli_epi64(a, 32), _mm256_srli_epi64(b, 32));
  return _mm256_blend_epi32(even, odd, 0xaa);
}
CK_INLINE vi32 vi32_and(vi32 a, vi32 b) { return _mm256_and_si256(a, b); }
CK_INLINE vi32 vi32_or(vi32 a, vi32 b) { return _mm256_or_si256(a, b); }
CK_INLINE vi32 vi32_xor(vi32 a, vi32 b) { return _mm256_xor_si256(a, b); }
CK_INLINE vi32 vi32_shift_left(vi32 a, int n) { return _mm256_slli_epi32(a, n); }
CK_INLINE vi32 vi32_shift_right_logical(vi32 a, int n) { return _mm256_srli_epi32(a, n); }
CK_INLINE vi32 vi32_shift_right_arithmetic(vi32 a, int n) { return _mm256_srai_epi32(a, n); }
CK_INLINE vm32 vi32_eq(vi32 a, vi32 b) { return _mm256_cmpeq_epi32(a, b); }
CK_INLINE vm32 vi32_gt(vi32 a, vi32 b) { return _mm256_cmpgt_epi32(a, b); }
CK_INLINE vi32 vi32_select(vm32 m, vi32 a, vi32 b) { return _mm256_blendv_epi8(b, a, m); }

// Between floats and integers.
CK_INLINE vi32 vf32_to_vi32(vf32 a) { return _mm256_cvtps_epi32(a); }
CK_INLINE vf32 vi32_to_vf32(vi32 a) { return _mm256_cvtepi32_ps(a); }
CK_INLINE vi32 vf32_as_vi32(vf32 a) { return _mm256_castps_si256(a); }
CK_INLINE vf32 vi32_as_vf32(vi32 a) { return _mm256_castsi256_ps(a); }

// Across lanes.
#define CK_GATHERS
CK_INLINE vf32 vf32_gather(const float *p, const int32_t *index) {
  return _mm256_i32gather_ps(p, _mm256_loadu_si256((const __m256i *)index), sizeof(float));
}
CK_INLINE vf32 vf32_zip_low(vf32 a, vf32 b) { return __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11); }
CK_INLINE vf32 vf32_zip_high(vf32 a, vf32 b) { return __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15); }
#define CK_LOADS_TRANSPOSED
/// Two lines go into one vector as they are loaded, which spares a third of the shuffles.
CK_INLINE void vf32_load_transposed(vf32 square[8], const float *source, int64_t stride) {
#pragma clang loop unroll(full)
  for (int first = 0; first < 8; first += 4) {
    vf32 pairs[4];
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) {
      const float *start = source + first + i * stride;
      pairs[i] = _mm256_castps128_ps256(_mm_loadu_ps(start));
      pairs[i] = _mm256_insertf128_ps(pairs[i], _mm_loadu_ps(start + 4 * stride), 1);
    }
    // Squares of four floats, one in each half of a vector, are transposed where they are.
    const __m256d low01 = _mm256_castps_pd(_mm256_unpacklo_ps(pairs[0], pairs[1]));
    const __m256d high01 = _mm256_castps_pd(_mm256_unpackhi_ps(pairs[0], pairs[1]));
    const __m256d low23 = _mm256_castps_pd(_mm256_unpacklo_ps(pairs[2], pairs[3]));
    const __m256d high23 = _mm256_castps_pd(_mm256_unpackhi_ps(pairs[2], pairs[3]));
    square[first] = _mm256_castpd_ps(_mm256_unpacklo_pd(low01, low23));
    square[first + 1] = _mm256_castpd_ps(_mm256_unpackhi_pd(low01, low23));
    square[first + 2] = _mm256_castpd_ps(_mm256_unpacklo_pd(high01, high23));
    square[first + 3] = _mm256_castpd_ps(_mm256_unpackhi_pd(high01, high23));
  }
}
#define CK_REDUCE(combine)                                                                    \
  __m128 four = _mm_##combine##_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));   \
  __m128 two = _mm_##combine##_ps(four, _mm_movehl_ps(four, four));                           \
  return _mm_cvtss_f32(_mm_##combine##_ss(two, _mm_movehdup_ps(two)));
CK_INLINE float vf32_reduce_add(vf32 v) { CK_REDUCE(add) }
CK_INLINE float vf32_reduce_max(vf32 v) { CK_REDUCE(max) }
CK_INLINE float vf32_reduce_min(vf32 v) { CK_REDUCE(min) }
#undef CK_REDUCE

#include "avx2_f64.h"
#include "rounding.h"
#include "avx2_half.h"
#include "derived.h"

#endif
