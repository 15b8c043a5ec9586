// The float64 part of the vector vocabulary on AArch64 NEON: two lanes.
#ifndef CK_SIMD_NEON_F64_H
#define CK_SIMD_NEON_F64_H

#define VF64_LANES 2

typedef float64x2_t vf64;
typedef int64x2_t vi64;
typedef uint64x2_t vm64;

CK_INLINE vi64 vi64_iota(void) { return (vi64){0, 1}; }

// Masks.
CK_INLINE vm64 vm64_first(int64_t n) { return vcgtq_s64(vdupq_n_s64(n), vi64_iota()); }
CK_INLINE vm64 vm64_and(vm64 a, vm64 b) { return vandq_u64(a, b); }
CK_INLINE vm64 vm64_or(vm64 a, vm64 b) { return vorrq_u64(a, b); }
CK_INLINE vm64 vm64_not(vm64 a) { return veorq_u64(a, vdupq_n_u64(UINT64_MAX)); }
CK_INLINE vm64 vm64_andnot(vm64 a, vm64 b) { return vbicq_u64(b, a); }
CK_INLINE bool vm64_any(vm64 m) { return (vgetq_lane_u64(m, 0) | vgetq_lane_u64(m, 1)) != 0; }
CK_INLINE bool vm64_all(vm64 m) { return (vgetq_lane_u64(m, 0) & vgetq_lane_u64(m, 1)) != 0; }
CK_INLINE vm64 vm64_load_bytes(const uint8_t *p) {
  uint64x2_t wide = {p[0], p[1]};
  return vtstq_u64(wide, wide);
}
CK_INLINE vm64 vm64_load_bytes_first(const uint8_t *p, int64_t n) {
  uint8_t bytes[2] = {0};
  memcpy(bytes, p, (size_t)n);
  return vm64_load_bytes(bytes);
}
CK_INLINE void vm64_store_bytes(uint8_t *p, vm64 m) {
  p[0] = vgetq_lane_u64(m, 0) & 1;
  p[1] = vgetq_lane_u64(m, 1) & 1;
}
CK_INLINE void vm64_store_bytes_first(uint8_t *p, vm64 m, int64_t n) {
  uint8_t bytes[2];
  vm64_store_bytes(bytes, m);
  memcpy(p, bytes, (size_t)n);
}

// Floats: memory and constants.
CK_INLINE vf64 vf64_zero(void) { return vdupq_n_f64(0); }
CK_INLINE vf64 vf64_set1(double x) { return vdupq_n_f64(x); }
CK_INLINE vf64 vf64_load(const double *p) { return vld1q_f64(p); }
CK_INLINE void vf64_store(double *p, vf64 v) { vst1q_f64(p, v); }
CK_INLINE vf64 vf64_load_first(const double *p, int64_t n) {
  double lanes[2] = {0};
  memcpy(lanes, p, (size_t)n * sizeof(double));
  return vf64_load(lanes);
}
CK_INLINE void vf64_store_first(double *p, vf64 v, int64_t n) {
  double lanes[2];
  vf64_store(lanes, v);
  memcpy(p, lanes, (size_t)n * sizeof(double));
}

// Floats: arithmetic.
CK_INLINE vf64 vf64_add(vf64 a, vf64 b) { return vaddq_f64(a, b); }
CK_INLINE vf64 vf64_sub(vf64 a, vf64 b) { return vsubq_f64(a, b); }
CK_INLINE vf64 vf64_mul(vf64 a, vf64 b) { return vmulq_f64(a, b); }
CK_INLINE vf64 vf64_div(vf64 a, vf64 b) { return vdivq_f64(a, b); }
CK_INLINE vf64 vf64_sqrt(vf64 a) { return vsqrtq_f64(a); }
CK_INLINE vf64 vf64_fma(vf64 a, vf64 b, vf64 c) { return vfmaq_f64(c, a, b); }
CK_INLINE vf64 vf64_fnma(vf64 a, vf64 b, vf64 c) { return vfmsq_f64(c, a, b); }
CK_INLINE vf64 vf64_max(vf64 a, vf64 b) { return vbslq_f64(vcgtq_f64(a, b), a, b); }
CK_INLINE vf64 vf64_min(vf64 a, vf64 b) { return vbslq_f64(vcltq_f64(a, b), a, b); }
CK_INLINE vf64 vf64_abs(vf64 a) { return vabsq_f64(a); }
CK_INLINE vf64 vf64_neg(vf64 a) { return vnegq_f64(a); }
CK_INLINE vf64 vf64_copysign(vf64 magnitude, vf64 sign) {
  return vbslq_f64(vdupq_n_u64((uint64_t)1 << 63), sign, magnitude);
}
CK_INLINE vf64 vf64_round(vf64 a) { return vrndnq_f64(a); }
CK_INLINE vf64 vf64_floor(vf64 a) { return vrndmq_f64(a); }

// Floats: comparison and selection.
CK_INLINE vm64 vf64_eq(vf64 a, vf64 b) { return vceqq_f64(a, b); }
CK_INLINE vm64 vf64_ne(vf64 a, vf64 b) { return vm64_not(vceqq_f64(a, b)); }
CK_INLINE vm64 vf64_lt(vf64 a, vf64 b) { return vcltq_f64(a, b); }
CK_INLINE vm64 vf64_le(vf64 a, vf64 b) { return vcleq_f64(a, b); }
CK_INLINE vm64 vf64_gt(vf64 a, vf64 b) { return vcgtq_f64(a, b); }
CK_INLINE vm64 vf64_ge(vf64 a, vf64 b) { return vcgeq_f64(a, b); }
CK_INLINE vm64 vf64_is_nan(vf64 a) { return vm64_not(vceqq_f64(a, a)); }
CK_INLINE vf64 vf64_select(vm64 m, vf64 a, vf64 b) { return vbslq_f64(m, a, b); }

// Integers.
CK_INLINE vi64 vi64_set1(int64_t x) { return vdupq_n_s64(x); }
CK_INLINE vi64 vi64_load(const int64_t *p) { return vld1q_s64(p); }
CK_INLINE void vi64_store(int64_t *p, vi64 v) { vst1q_s64(p, v); }
CK_INLINE vi64 vi64_load_first(const int64_t *p, int64_t n) {
  int64_t lanes[2] = {0};
  memcpy(lanes, p, (size_t)n * sizeof(int64_t));
  return vi64_load(lanes);
}
CK_INLINE void vi64_store_first(int64_t *p, vi64 v, int64_t n) {
  int64_t lanes[2];
  vi64_store(lanes, v);
  memcpy(p, lanes, (size_t)n * sizeof(int64_t));
}
CK_INLINE vi64 vi64_add(vi64 a, vi64 b) { return vaddq_s64(a, b); }
CK_INLINE vi64 vi64_sub(vi64 a, vi64 b) { return vsubq_s64(a, b); }
CK_INLINE vi64 vi64_and(vi64 a, vi64 b) { return vandq_s64(a, b); }
CK_INLINE vi64 vi64_or(vi64 a, vi64 b) { return vorrq_s64(a, b); }
CK_INLINE vi64 vi64_xor(vi64 a, vi64 b) { return veorq_s64(a, b); }
CK_INLINE vi64 vi64_shift_left(vi64 a, int n) { return vshlq_s64(a, vdupq_n_s64(n)); }
CK_INLINE vi64 vi64_shift_right_logical(vi64 a, int n) {
  return vreinterpretq_s64_u64(vshlq_u64(vreinterpretq_u64_s64(a), vdupq_n_s64(-n)));
}
CK_INLINE vi64 vi64_shift_right_arithmetic(vi64 a, int n) { return vshlq_s64(a, vdupq_n_s64(-n)); }
CK_INLINE vm64 vi64_eq(vi64 a, vi64 b) { return vceqq_s64(a, b); }
CK_INLINE vm64 vi64_gt(vi64 a, vi64 b) { return vcgtq_s64(a, b); }
CK_INLINE vi64 vi64_select(vm64 m, vi64 a, vi64 b) { return vbslq_s64(m, a, b); }

// Between floats and integers.
CK_INLINE vi64 vf64_to_vi64(vf64 a) { return vcvtnq_s64_f64(a); }
CK_INLINE vf64 vi64_to_vf64(vi64 a) { return vcvtq_f64_s64(a); }
CK_INLINE vi64 vf64_as_vi64(vf64 a) { return vreinterpretq_s64_f64(a); }
CK_INLINE vf64 vi64_as_vf64(vi64 a) { return vreinterpretq_f64_s64(a); }

// Across lanes.
CK_INLINE vf64 vf64_zip_low(vf64 a, vf64 b) { return vzip1q_f64(a, b); }
CK_INLINE vf64 vf64_zip_high(vf64 a, vf64 b) { return vzip2q_f64(a, b); }
CK_INLINE double vf64_reduce_add(vf64 v) { return vgetq_lane_f64(v, 0) + vgetq_lane_f64(v, 1); }
CK_INLINE double vf64_reduce_max(vf64 v) { return vgetq_lane_f64(vf64_max(v, vextq_f64(v, v, 1)), 0); }
CK_INLINE double vf64_reduce_min(vf64 v) { return vgetq_lane_f64(vf64_min(v, vextq_f64(v, v, 1)), 0); }

#endif
