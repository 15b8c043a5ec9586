// Vectors of float32 from and to 16-bit floats in memory, on AVX-512.
#ifndef CK_SIMD_AVX512_HALF_H
#define CK_SIMD_AVX512_HALF_H

#include "half.h"

#define CK_STREAMS_HALVES

CK_INLINE vf32 vf32_load_f16(const ck_f16 *p) { return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)p)); }
CK_INLINE vf32 vf32_load_first_f16(const ck_f16 *p, int64_t n) {
  return _mm512_cvtph_ps(_mm256_maskz_loadu_epi16(vm32_first(n), p));
}
CK_INLINE __m256i vf32_to_f16(vf32 v) {
  return _mm512_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}
CK_INLINE void vf32_store_f16(ck_f16 *p, vf32 v) { _mm256_storeu_si256((__m256i *)p, vf32_to_f16(v)); }
CK_INLINE void vf32_store_streaming_f16(ck_f16 *p, vf32 v) {
  __builtin_nontemporal_store(vf32_to_f16(v), (__m256i *)p);
}
CK_INLINE void vf32_store_first_f16(ck_f16 *p, vf32 v, int64_t n) {
  _mm256_mask_storeu_epi16(p, vm32_first(n), vf32_to_f16(v));
}

CK_INLINE vf32 vf32_of_bf16(__m256i bits) {
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(bits), 16));
}
CK_INLINE vf32 vf32_load_bf16(const ck_bf16 *p) { return vf32_of_bf16(_mm256_loadu_si256((const __m256i *)p)); }
CK_INLINE vf32 vf32_load_first_bf16(const ck_bf16 *p, int64_t n) {
  return vf32_of_bf16(_mm256_maskz_loadu_epi16(vm32_first(n), p));
}
CK_INLINE __m256i vf32_to_bf16(vf32 v) { return _mm512_cvtepi32_epi16(vf32_round_to_bf16(v)); }
CK_INLINE void vf32_store_bf16(ck_bf16 *p, vf32 v) { _mm256_storeu_si256((__m256i *)p, vf32_to_bf16(v)); }
CK_INLINE void vf32_store_streaming_bf16(ck_bf16 *p, vf32 v) {
  __builtin_nontemporal_store(vf32_to_bf16(v), (__m256i *)p);
}
CK_INLINE void vf32_store_first_bf16(ck_bf16 *p, vf32 v, int64_t n) {
  _mm256_mask_storeu_epi16(p, vm32_first(n), vf32_to_bf16(v));
}

#endif
