// The vector vocabulary on AArch64 NEON: four lanes, a mask is a vector whose lanes are all ones or zero.
// What each operation means is said in the portable header, simd/baseline.h.
#ifndef CK_SIMD_NEON_H
#define CK_SIMD_NEON_H

#define CK_TILE(op, dtype) CK_TILE_HEAD(op, dtype, neon)
#define CK_OF_ISA(name) CK_JOIN(name, _neon)
#define CK_ISA CK_ISA_NEON
#define VF32_LANES 4

typedef float32x4_t vf32;
typedef int32x4_t vi32;
typedef uint32x4_t vm32;

CK_INLINE vi32 vi32_iota(void) { return (vi32){0, 1, 2, 3}; }

// Masks.
CK_INLINE vm32 vm32_first(int64_t n) { return vcgtq_s32(vdupq_n_s32((int32_t)n), vi32_iota()); }
CK_INLINE vm32 vm32_and(vm32 a, vm32 b) { return vandq_u32(a, b); }
CK_INLINE vm32 vm32_or(vm32 a, vm32 b) { return vorrq_u32(a, b); }
CK_INLINE vm32 vm32_not(vm32 a) { return vmvnq_u32(a); }
CK_INLINE vm32 vm32_andnot(vm32 a, vm32 b) { return vbicq_u32(b, a); }
CK_INLINE bool vm32_any(vm32 m) { return vmaxvq_u32(m) != 0; }
CK_INLINE bool vm32_all(vm32 m) { return vminvq_u32(m) != 0; }
CK_INLINE vm32 vm32_load_bytes(const uint8_t *p) {
  uint32_t packed;
  memcpy(&packed, p, 4);
  uint16x8_t halves = vmovl_u8(vcreate_u8(packed));
  uint32x4_t wide = vmovl_u16(vget_low_u16(halves));
  return vtstq_u32(wide, wide);
}
CK_INLINE vm32 vm32_load_bytes_first(const uint8_t *p, int64_t n) {
  uint8_t bytes[4] = {0};
  memcpy(bytes, p, (size_t)n);
  return vm32_load_bytes(bytes);
}
CK_INLINE void vm32_store_bytes(uint8_t *p, vm32 m) {
  uint16x4_t halves = vmovn_u32(vandq_u32(m, vdupq_n_u32(1)));
  uint8x8_t bytes = vmovn_u16(vcombine_u16(halves, halves));
  uint32_t packed = vget_lane_u32(vreinterpret_u32_u8(bytes), 0);
  memcpy(p, &packed, 4);
}
CK_INLINE void vm32_store_bytes_first(uint8_t *p, vm32 m, int64_t n) {
  uint8_t bytes[4];
  vm32_store_bytes(bytes, m);
  memcpy(p, bytes, (size_t)n);
}

// Floats: memory and constants.
CK_INLINE vf32 vf32_zero(void) { return vdupq_n_f32(0); }
CK_INLINE vf32 vf32_set1(float x) { return vdupq_n_f32(x); }
CK_INLINE vf32 vf32_load(const float *p) { return vld1q_f32(p); }
CK_INLINE void vf32_store(float *p, vf32 v) { vst1q_f32(p, v); }
CK_INLINE vf32 vf32_load_first(const float *p, int64_t n) {
  float lanes[4] = {0};
  memcpy(lanes, p, (size_t)n * sizeof(float));
  return vf32_load(lanes);
}
CK_INLINE void vf32_store_first(float *p, vf32 v, int64_t n) {
  float lanes[4];
  vf32_store(lanes, v);
  memcpy(p, lanes, (size_t)n * sizeof(float));
}

// Floats: arithmetic.
CK_INLINE vf32 vf32_add(vf32 a, vf32 b) { return vaddq_f32(a, b); }
CK_INLINE vf32 vf32_sub(vf32 a, vf32 b) { return vsubq_f32(a, b); }
CK_INLINE vf32 vf32_mul(vf32 a, vf32 b) { return vmulq_f32(a, b); }
CK_INLINE vf32 vf32_div(vf32 a, vf32 b) { return vdivq_f32(a, b); }
CK_INLINE vf32 vf32_sqrt(vf32 a) { return vsqrtq_f32(a); }
CK_INLINE vf32 vf32_fma(vf32 a, vf32 b, vf32 c) { return vfmaq_f32(c, a, b); }
CK_INLINE vf32 vf32_fnma(vf32 a, vf32 b, vf32 c) { return vfmsq_f32(c, a, b); }
CK_INLINE vf32 vf32_max(vf32 a, vf32 b) { return vbslq_f32(vcgtq_f32(a, b), a, b); }
CK_INLINE vf32 vf32_min(vf32 a, vf32 b) { return vbslq_f32(vcltq_f32(a, b), a, b); }
CK_INLINE vf32 vf32_abs(vf32 a) { return vabsq_f32(a); }
CK_INLINE vf32 vf32_neg(vf32 a) { return vnegq_f32(a); }
CK_INLINE vf32 vf32_copysign(vf32 magnitude, vf32 sign) {
  return vbslq_f32(vdupq_n_u32(0x80000000u), sign, magnitude);
}
CK_INLINE vf32 vf32_round(vf32 a) { return vrndnq_f32(a); }
CK_INLINE vf32 vf32_floor(vf32 a) { return vrndmq_f32(a); }

// Floats: comparison and selection.
CK_INLINE vm32 vf32_eq(vf32 a, vf32 b) { return vceqq_f32(a, b); }
CK_INLINE vm32 vf32_ne(vf32 a, vf32 b) { return vmvnq_u32(vceqq_f32(a, b)); }
CK_INLINE vm32 vf32_lt(vf32 a, vf32 b) { return vcltq_f32(a, b); }
CK_INLINE vm32 vf32_le(vf32 a, vf32 b) { return vcleq_f32(a, b); }
CK_INLINE vm32 vf32_gt(vf32 a, vf32 b) { return vcgtq_f32(a, b); }
CK_INLINE vm32 vf32_ge(vf32 a, vf32 b) { return vcgeq_f32(a, b); }
CK_INLINE vm32 vf32_is_nan(vf32 a) { return vmvnq_u32(vceqq_f32(a, a)); }
CK_INLINE vf32 vf32_select(vm32 m, vf32 a, vf32 b) { return vbslq_f32(m, a, b); }

// Integers.
CK_INLINE vi32 vi32_set1(int32_t x) { return vdupq_n_s32(x); }
CK_INLINE vi32 vi32_load(const int32_t *p) { return vld1q_s32(p); }
CK_INLINE void vi32_store(int32_t *p, vi32 v) { vst1q_s32(p, v); }
CK_INLINE vi32 vi32_load_first(const int32_t *p, int64_t n) {
  int32_t lanes[4] = {0};
  memcpy(lanes, p, (size_t)n * sizeof(int32_t));
  return vi32_load(lanes);
}
CK_INLINE void vi32_store_first(int32_t *p, vi32 v, int64_t n) {
  int32_t lanes[4];
  vi32_store(lanes, v);
  memcpy(p, lanes, (size_t)n * sizeof(int32_t));
}
CK_INLINE vi32 vi32_add(vi32 a, vi32 b) { return vaddq_s32(a, b); }
CK_INLINE vi32 vi32_sub(vi32 a, vi32 b) { return vsubq_s32(a, b); }
CK_INLINE vi32 vi32_mul(vi32 a, vi32 b) { return vmulq_s32(a, b); }
CK_INLINE vi32 vi32_mul_high_unsigned(vi32 a, vi32 b) {
  uint32x4_t ua = vreinterpretq_u32_s32(a), ub = vreinterpretq_u32_s32(b);
  uint32x4_t low = vreinterpretq_u32_u64(vmull_u32(vget_low_u32(ua), vget_low_u32(ub)));
  uint32x4_t high = vreinterpretq_u32_u64(vmull_high_u32(ua, ub));
  return vreinterpretq_s32_u32(vuzp2q_u32(low, high));
}
CK_INLINE vi32 vi32_and(vi32 a, vi32 b) { return vandq_s32(a, b); }
CK_INLINE vi32 vi32_or(vi32 a, vi32 b) { return vorrq_s32(a, b); }
CK_INLINE vi32 vi32_xor(vi32 a, vi32 b) { return veorq_s32(a, b); }
CK_INLINE vi32 vi32_shift_left(vi32 a, int n) { return vshlq_s32(a, vdupq_n_s32(n)); }
CK_INLINE vi32 vi32_shift_right_logical(vi32 a, int n) {
  return vreinterpretq_s32_u32(vshlq_u32(vreinterpretq_u32_s32(a), vdupq_n_s32(-n)));
}
CK_INLINE vi32 vi32_shift_right_arithmetic(vi32 a, int n) { return vshlq_s32(a, vdupq_n_s32(-n)); }
CK_INLINE vm32 vi32_eq(vi32 a, vi32 b) { return vceqq_s32(a, b); }
CK_INLINE vm32 vi32_gt(vi32 a, vi32 b) { return vcgtq_s32(a, b); }
CK_INLINE vi32 vi32_select(vm32 m, vi32 a, vi32 b) { return vbslq_s32(m, a, b); }

// Between floats and integers.
CK_INLINE vi32 vf32_to_vi32(vf32 a) { return vcvtnq_s32_f32(a); }
CK_INLINE vf32 vi32_to_vf32(vi32 a) { return vcvtq_f32_s32(a); }
CK_INLINE vi32 vf32_as_vi32(vf32 a) { return vreinterpretq_s32_f32(a); }
CK_INLINE vf32 vi32_as_vf32(vi32 a) { return vreinterpretq_f32_s32(a); }

// Across lanes.
CK_INLINE vf32 vf32_zip_low(vf32 a, vf32 b) { return vzip1q_f32(a, b); }
CK_INLINE vf32 vf32_zip_high(vf32 a, vf32 b) { return vzip2q_f32(a, b); }
CK_INLINE float vf32_reduce_add(vf32 v) {
  float32x2_t two = vadd_f32(vget_low_f32(v), vget_high_f32(v));
  return vget_lane_f32(two, 0) + vget_lane_f32(two, 1);
}
CK_INLINE float vf32_reduce_max(vf32 v) {
  vf32 two = vf32_max(v, vextq_f32(v, v, 2));
  return vgetq_lane_f32(vf32_max(two, vextq_f32(two, two, 1)), 0);
}
CK_INLINE float vf32_reduce_min(vf32 v) {
  vf32 two = vf32_min(v, vextq_f32(v, v, 2));
  return vgetq_lane_f32(vf32_min(two, vextq_f32(two, two, 1)), 0);
}

#include "neon_f64.h"
#include "rounding.h"
#include "neon_half.h"
#include "derived.h"

#endif
