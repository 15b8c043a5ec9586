// Vectors of float32 from and to 16-bit floats in memory, on AArch64 NEON.
#ifndef CK_SIMD_NEON_HALF_H
#define CK_SIMD_NEON_HALF_H

#include "half.h"

/// Four 16-bit lanes, of which the first n are loaded and the others zero.
CK_INLINE uint16x4_t ck_load_halves_first(const void *p, int64_t n) {
  uint16_t lanes[4] = {0};
  memcpy(lanes, p, (size_t)n * sizeof(uint16_t));
  return vld1_u16(lanes);
}
CK_INLINE void ck_store_halves_first(void *p, uint16x4_t halves, int64_t n) {
  uint16_t lanes[4];
  vst1_u16(lanes, halves);
  memcpy(p, lanes, (size_t)n * sizeof(uint16_t));
}

CK_INLINE vf32 vf32_of_f16(uint16x4_t bits) { return vcvt_f32_f16(vreinterpret_f16_u16(bits)); }
CK_INLINE uint16x4_t vf32_to_f16(vf32 v) { return vreinterpret_u16_f16(vcvt_f16_f32(v)); }
CK_INLINE vf32 vf32_load_f16(const ck_f16 *p) { return vf32_of_f16(vld1_u16(&p->bits)); }
CK_INLINE vf32 vf32_load_first_f16(const ck_f16 *p, int64_t n) { return vf32_of_f16(ck_load_halves_first(p, n)); }
CK_INLINE void vf32_store_f16(ck_f16 *p, vf32 v) { vst1_u16(&p->bits, vf32_to_f16(v)); }
CK_INLINE void vf32_store_first_f16(ck_f16 *p, vf32 v, int64_t n) { ck_store_halves_first(p, vf32_to_f16(v), n); }

CK_INLINE vf32 vf32_of_bf16(uint16x4_t bits) { return vreinterpretq_f32_u32(vshll_n_u16(bits, 16)); }
CK_INLINE uint16x4_t vf32_to_bf16(vf32 v) { return vmovn_u32(vreinterpretq_u32_s32(vf32_round_to_bf16(v))); }
CK_INLINE vf32 vf32_load_bf16(const ck_bf16 *p) { return vf32_of_bf16(vld1_u16(&p->bits)); }
CK_INLINE vf32 vf32_load_first_bf16(const ck_bf16 *p, int64_t n) { return vf32_of_bf16(ck_load_halves_first(p, n)); }
CK_INLINE void vf32_store_bf16(ck_bf16 *p, vf32 v) { vst1_u16(&p->bits, vf32_to_bf16(v)); }
CK_INLINE void vf32_store_first_bf16(ck_bf16 *p, vf32 v, int64_t n) { ck_store_halves_first(p, vf32_to_bf16(v), n); }

#endif
