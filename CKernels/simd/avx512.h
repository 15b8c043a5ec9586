// The vector vocabulary on AVX-512 (F, BW, DQ, VL): sixteen lanes, masks in mask registers.
// What each operation means is said in the portable header, simd/baseline.h.
#ifndef CK_SIMD_AVX512_H
#define CK_SIMD_AVX512_H

#define CK_TILE(op, dtype) CK_TILE_HEAD(op, dtype, avx512)
#define CK_OF_ISA(name) CK_JOIN(name, _avx512)
#define CK_ISA CK_ISA_AVX512
#define VF32_LANES 16

typedef __m512 vf32;
typedef __m512i vi32;
typedef __mmask16 vm32;

// Masks.
CK_INLINE vm32 vm32_first(int64_t n) { return (vm32)((1u << n) - 1u); }
CK_INLINE vm32 vm32_and(vm32 a, vm32 b) { return (vm32)(a & b); }
CK_INLINE vm32 vm32_or(vm32 a, vm32 b) { return (vm32)(a | b); }
CK_INLINE vm32 vm32_not(vm32 a) { return (vm32)~a; }
CK_INLINE vm32 vm32_andnot(vm32 a, vm32 b) { return (vm32)(~a & b); }
CK_INLINE bool vm32_any(vm32 m) { return m != 0; }
CK_INLINE bool vm32_all(vm32 m) { return m == 0xffff; }
CK_INLINE vm32 vm32_load_bytes(const uint8_t *p) {
  __m128i bytes = _mm_loadu_si128((const __m128i *)p);
  return _mm_test_epi8_mask(bytes, bytes);
}
CK_INLINE vm32 vm32_load_bytes_first(const uint8_t *p, int64_t n) {
  __m128i bytes = _mm_maskz_loadu_epi8(vm32_first(n), p);
  return _mm_test_epi8_mask(bytes, bytes);
}
CK_INLINE void vm32_store_bytes(uint8_t *p, vm32 m) {
  _mm_storeu_si128((__m128i *)p, _mm_maskz_set1_epi8(m, 1));
}
CK_INLINE void vm32_store_bytes_first(uint8_t *p, vm32 m, int64_t n) {
  _mm_mask_storeu_epi8(p, vm32_first(n), _mm_maskz_set1_epi8(m, 1));
}

// Floats: memory and constants.
CK_INLINE vf32 vf32_zero(void) { return _mm512_setzero_ps(); }
CK_INLINE vf32 vf32_set1(float x) { return _mm512_set1_ps(x); }
CK_INLINE vf32 vf32_load(const float *p) { return _mm512_loadu_ps(p); }
CK_INLINE void vf32_store(float *p, vf32 v) { _mm512_storeu_ps(p, v); }
CK_INLINE vf32 vf32_load_first(const float *p, int64_t n) { return _mm512_maskz_loadu_ps(vm32_first(n), p); }
CK_INLINE void vf32_store_first(float *p, vf32 v, int64_t n) { _mm512_mask_storeu_ps(p, vm32_first(n), v); }

// Floats: arithmetic.
CK_INLINE vf32 vf32_add(vf32 a, vf32 b) { return _mm512_add_ps(a, b); }
CK_INLINE vf32 vf32_sub(vf32 a, vf32 b) { return _mm512_sub_ps(a, b); }
CK_INLINE vf32 vf32_mul(vf32 a, vf32 b) { return _mm512_mul_ps(a, b); }
CK_INLINE vf32 vf32_div(vf32 a, vf32 b) { return _mm512_div_ps(a, b); }
CK_INLINE vf32 vf32_sqrt(vf32 a) { return _mm512_sqrt_ps(a); }
CK_INLINE vf32 vf32_fma(vf32 a, vf32 b, vf32 c) { return _mm512_fmadd_ps(a, b, c); }
CK_INLINE vf32 vf32_fnma(vf32 a, vf32 b, vf32 c) { return _mm512_fnmadd_ps(a, b, c); }
CK_INLINE vf32 vf32_max(vf32 a, vf32 b) { return _mm512_max_ps(a, b); }
CK_INLINE vf32 vf32_min(vf32 a, vf32 b) { return _mm512_min_ps(a, b); }
CK_INLINE vf32 vf32_abs(vf32 a) { return _mm512_andnot_ps(_mm512_set1_ps(-0.0f), a); }
CK_INLINE vf32 vf32_neg(vf32 a) { return _mm512_xor_ps(_mm512_set1_ps(-0.0f), a); }
CK_INLINE vf32 vf32_copysign(vf32 magnitude, vf32 sign) {
  __m512 bit = _mm512_set1_ps(-0.0f);
  return _mm512_or_ps(_mm512_andnot_ps(bit, magnitude), _mm512_and_ps(bit, sign));
}
CK_INLINE vf32 vf32_round(vf32 a) {
  return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}
#define CK_SCALES_BY_POWER
CK_INLINE vf32 vf32_scale_by_power(vf32 a, vf32 n) { return _mm512_scalef_ps(a, n); }
CK_INLINE vf32 vf32_floor(vf32 a) { return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC); }

// Floats: comparison and selection.
CK_INLINE vm32 vf32_eq(vf32 a, vf32 b) { return _mm512_cmp_ps_mask(a, b, _CMP_EQ_OQ); }
CK_INLINE vm32 vf32_ne(vf32 a, vf32 b) { return _mm512_cmp_ps_mask(a, b, _CMP_NEQ_UQ); }
CK_INLINE vm32 vf32_lt(vf32 a, vf32 b) { return _mm512_cmp_ps_mask(a, b, _CMP_LT_OQ); }
CK_INLINE vm32 vf32_le(vf32 a, vf32 b) { return _mm512_cmp_ps_mask(a, b, _CMP_LE_OQ); }
CK_INLINE vm32 vf32_gt(vf32 a, vf32 b) { return _mm512_cmp_ps_mask(a, b, _CMP_GT_OQ); }
CK_INLINE vm32 vf32_ge(vf32 a, vf32 b) { return _mm512_cmp_ps_mask(a, b, _CMP_GE_OQ); }
CK_INLINE vm32 vf32_is_nan(vf32 a) { return _mm512_cmp_ps_mask(a, a, _CMP_UNORD_Q); }
CK_INLINE vf32 vf32_select(vm32 m, vf32 a, vf32 b) { return _mm512_mask_blend_ps(m, b, a); }

// Integers.
CK_INLINE vi32 vi32_set1(int32_t x) { return _mm512_set1_epi32(x); }
CK_INLINE vi32 vi32_load(const int32_t *p) { return _mm512_loadu_si512(p); }
CK_INLINE void vi32_store(int32_t *p, vi32 v) { _mm512_storeu_si512(p, v); }
CK_INLINE vi32 vi32_load_first(const int32_t *p, int64_t n) { return _mm512_maskz_loadu_epi32(vm32_first(n), p); }
CK_INLINE void vi32_store_first(int32_t *p, vi32 v, int64_t n) { _mm512_mask_storeu_epi32(p, vm32_first(n), v); }
CK_INLINE vi32 vi32_iota(void) { return _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15); }
CK_INLINE vi32 vi32_add(vi32 a, vi32 b) { return _mm512_add_epi32(a, b); }
CK_INLINE vi32 vi32_sub(vi32 a, vi32 b) { return _mm512_sub_epi32(a, b); }
CK_INLINE vi32 vi32_mul(vi32 a, vi32 b) { return _mm512_mullo_epi32(a, b); }
CK_INLINE vi32 vi32_mul_high_unsigned(vi32 a, vi32 b) {
  __m512i even = _mm512_srli_epi64(_mm512_mul_epu32(a, b), 32);
  __m512i odd = _mm512_mul_epu32(_mm512_srli_epi64(a, 32), _mm512_srli_epi64(b, 32));
  return _mm512_mask_blend_epi32(0xaaaa, even, odd);
}
CK_INLINE vi32 vi32_and(vi32 a, vi32 b) { return _mm512_and_si512(a, b); }
CK_INLINE vi32 vi32_or(vi32 a, vi32 b) { return _mm512_or_si512(a, b); }
CK_INLINE vi32 vi32_xor(vi32 a, vi32 b) { return _mm512_xor_si512(a, b); }
CK_INLINE vi32 vi32_shift_left(vi32 a, int n) { return _mm512_slli_epi32(a, (unsigned)n); }
CK_INLINE vi32 vi32_shift_right_logical(vi32 a, int n) { return _mm512_srli_epi32(a, (unsigned)n); }
CK_INLINE vi32 vi32_shift_right_arithmetic(vi32 a, int n) { return _mm512_srai_epi32(a, (unsigned)n); }
CK_INLINE vm32 vi32_eq(vi32 a, vi32 b) { return _mm512_cmpeq_epi32_mask(a, b); }
CK_INLINE vm32 vi32_gt(vi32 a, vi32 b) { return _mm512_cmpgt_epi32_mask(a, b); }
CK_INLINE vi32 vi32_select(vm32 m, vi32 a, vi32 b) { return _mm512_mask_blend_epi32(m, b, a); }

// Between floats and integers.
CK_INLINE vi32 vf32_to_vi32(vf32 a) { return _mm512_cvtps_epi32(a); }
CK_INLINE vf32 vi32_to_vf32(vi32 a) { return _mm512_cvtepi32_ps(a); }
CK_INLINE vi32 vf32_as_vi32(vf32 a) { return _mm512_castps_si512(a); }
CK_INLINE vf32 vi32_as_vf32(vi32 a) { return _mm512_castsi512_ps(a); }

// Across lanes.
#define CK_LOOKS_UP
/// table[index] of each lane, by the lowest five bits of its index.
CK_INLINE vf32 vf32_look_up(const float table[32], vi32 index) {
  return _mm512_permutex2var_ps(_mm512_loadu_ps(table), index, _mm512_loadu_ps(table + 16));
}
/// The same, by the lowest four bits.
CK_INLINE vf32 vf32_look_up_16(const float table[16], vi32 index) {
  return _mm512_permutexvar_ps(index, _mm512_loadu_ps(table));
}
#define CK_GATHERS
CK_INLINE vf32 vf32_gather(const float *p, const int32_t *index) {
  return _mm512_i32gather_ps(_mm512_loadu_si512(index), p, sizeof(float));
}
CK_INLINE vf32 vf32_zip_low(vf32 a, vf32 b) {
  return __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
CK_INLINE vf32 vf32_zip_high(vf32 a, vf32 b) {
  return __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}
#define CK_LOADS_TRANSPOSED
/// Two lines go into one vector as they are loaded, which spares a quarter of the shuffles.
CK_INLINE void vf32_load_transposed(vf32 square[16], const float *source, int64_t stride) {
#pragma clang loop unroll(full)
  for (int half = 0; half < 2; half++) {
    const float *columns = source + 8 * half;
    vf32 pairs[8], quarters[8];
#pragma clang loop unroll(full)
    for (int i = 0; i < 8; i++) {
      const float *start = columns + (i < 4 ? i : i + 4) * stride;
      pairs[i] = _mm512_castps256_ps512(_mm256_loadu_ps(start));
      pairs[i] = _mm512_insertf32x8(pairs[i], _mm256_loadu_ps(start + 4 * stride), 1);
    }
    // Squares of four floats, one in each quarter of a vector, are transposed where they are.
#pragma clang loop unroll(full)
    for (int i = 0; i < 8; i += 4) {
      const __m512d low01 = _mm512_castps_pd(_mm512_unpacklo_ps(pairs[i], pairs[i + 1]));
      const __m512d high01 = _mm512_castps_pd(_mm512_unpackhi_ps(pairs[i], pairs[i + 1]));
      const __m512d low23 = _mm512_castps_pd(_mm512_unpacklo_ps(pairs[i + 2], pairs[i + 3]));
      const __m512d high23 = _mm512_castps_pd(_mm512_unpackhi_ps(pairs[i + 2], pairs[i + 3]));
      quarters[i] = _mm512_castpd_ps(_mm512_unpacklo_pd(low01, low23));
      quarters[i + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(low01, low23));
      quarters[i + 2] = _mm512_castpd_ps(_mm512_unpacklo_pd(high01, high23));
      quarters[i + 3] = _mm512_castpd_ps(_mm512_unpackhi_pd(high01, high23));
    }
#pragma clang loop unroll(full)
    for (int j = 0; j < 4; j++) {
      square[8 * half + j] = _mm512_shuffle_f32x4(quarters[j], quarters[j + 4], 0x88);
      square[8 * half + j + 4] = _mm512_shuffle_f32x4(quarters[j], quarters[j + 4], 0xdd);
    }
  }
}
CK_INLINE __m256 vf32_lower_half(vf32 v) { return _mm512_castps512_ps256(v); }
CK_INLINE __m256 vf32_upper_half(vf32 v) { return _mm512_extractf32x8_ps(v, 1); }
#define CK_REDUCE(combine)                                                                       \
  __m256 eight = _mm256_##combine##_ps(vf32_lower_half(v), vf32_upper_half(v));                  \
  __m128 four = _mm_##combine##_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1)); \
  __m128 two = _mm_##combine##_ps(four, _mm_movehl_ps(four, four));                              \
  return _mm_cvtss_f32(_mm_##combine##_ss(two, _mm_movehdup_ps(two)));
CK_INLINE float vf32_reduce_add(vf32 v) { CK_REDUCE(add) }
CK_INLINE float vf32_reduce_max(vf32 v) { CK_REDUCE(max) }
CK_INLINE float vf32_reduce_min(vf32 v) { CK_REDUCE(min) }
#undef CK_REDUCE

#include "avx512_f64.h"
#include "rounding.h"
#include "avx512_half.h"
#include "derived.h"

#endif
