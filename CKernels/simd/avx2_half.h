// Vectors of float32 from and to 16-bit floats in memory, on AVX2 with F16C.
#ifndef CK_SIMD_AVX2_HALF_H
#define CK_SIMD_AVX2_HALF_H

#include "half.h"

#define CK_STREAMS_HALVES

/// Eight 16-bit lanes, of which the first n are loaded and the others zero.
CK_INLINE __m128i ck_load_halves_first(const void *p, int64_t n) {
  uint16_t lanes[8] = {0};
  memcpy(lanes, p, (size_t)n * sizeof(uint16_t));
  return _mm_loadu_si128((const __m128i *)lanes);
}
CK_INLINE void ck_store_halves_first(void *p, __m128i halves, int64_t n) {
  uint16_t lanes[8];
  _mm_storeu_si128((__m128i *)lanes, halves);
  memcpy(p, lanes, (size_t)n * sizeof(uint16_t));
}

CK_INLINE vf32 vf32_load_f16(const ck_f16 *p) { return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)p)); }
CK_INLINE vf32 vf32_load_first_f16(const ck_f16 *p, int64_t n) { return _mm256_cvtph_ps(ck_load_halves_first(p, n)); }
CK_INLINE __m128i vf32_to_f16(vf32 v) { return _mm256_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
CK_INLINE void vf32_store_f16(ck_f16 *p, vf32 v) { _mm_storeu_si128((__m128i *)p, vf32_to_f16(v)); }
CK_INLINE void vf32_store_streaming_f16(ck_f16 *p, vf32 v) {
  __builtin_nontemporal_store(vf32_to_f16(v), (__m128i *)p);
}
CK_INLINE void vf32_store_first_f16(ck_f16 *p, vf32 v, int64_t n) { ck_store_halves_first(p, vf32_to_f16(v), n); }

CK_INLINE vf32 vf32_of_bf16(__m128i bits) {
  return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(bits), 16));
}
CK_INLINE vf32 vf32_load_bf16(const ck_bf16 *p) { return vf32_of_bf16(_mm_loadu_si128((const __m128i *)p)); }
CK_INLINE vf32 vf32_load_first_bf16(const ck_bf16 *p, int64_t n) { return vf32_of_bf16(ck_load_halves_first(p, n)); }
CK_INLINE __m128i vf32_to_bf16(vf32 v) {
  __m256i rounded = vf32_round_to_bf16(v);
  return _mm_packus_epi32(_mm256_castsi256_si128(rounded), _mm256_extracti128_si256(rounded, 1));
}
CK_INLINE void vf32_store_bf16(ck_bf16 *p, vf32 v) { _mm_storeu_si128((__m128i *)p, vf32_to_bf16(v)); }
CK_INLINE void vf32_store_streaming_bf16(ck_bf16 *p, vf32 v) {
  __builtin_nontemporal_store(vf32_to_bf16(v), (__m128i *)p);
}
CK_INLINE void vf32_store_first_bf16(ck_bf16 *p, vf32 v, int64_t n) { ck_store_halves_first(p, vf32_to_bf16(v), n); }

#endif
