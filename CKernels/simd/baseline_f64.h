// The float64 part of the vector vocabulary in portable vector extensions: two lanes.
#ifndef CK_SIMD_BASELINE_F64_H
#define CK_SIMD_BASELINE_F64_H

#define VF64_LANES 2

typedef double vf64 __attribute__((vector_size(16)));
typedef int64_t vi64 __attribute__((vector_size(16)));
typedef uint64_t vu64 __attribute__((vector_size(16)));
typedef int64_t vm64 __attribute__((vector_size(16)));

CK_INLINE vi64 vi64_iota(void) { return (vi64){0, 1}; }
CK_INLINE vi64 vi64_set1(int64_t x) { return (vi64){x, x}; }
CK_INLINE vf64 vf64_set1(double x) { return (vf64){x, x}; }
CK_INLINE vf64 vf64_zero(void) { return vf64_set1(0); }
CK_INLINE vi64 vf64_as_vi64(vf64 a) { return (vi64)a; }
CK_INLINE vf64 vi64_as_vf64(vi64 a) { return (vf64)a; }

// Masks.
CK_INLINE vm64 vm64_first(int64_t n) { return vi64_iota() < vi64_set1(n); }
CK_INLINE vm64 vm64_and(vm64 a, vm64 b) { return a & b; }
CK_INLINE vm64 vm64_or(vm64 a, vm64 b) { return a | b; }
CK_INLINE vm64 vm64_not(vm64 a) { return ~a; }
CK_INLINE vm64 vm64_andnot(vm64 a, vm64 b) { return ~a & b; }
CK_INLINE bool vm64_any(vm64 m) { return (m[0] | m[1]) != 0; }
CK_INLINE bool vm64_all(vm64 m) { return (m[0] & m[1]) != 0; }
CK_INLINE vm64 vm64_load_bytes(const uint8_t *p) { return (vi64){p[0], p[1]} != 0; }
CK_INLINE vm64 vm64_load_bytes_first(const uint8_t *p, int64_t n) {
  uint8_t bytes[2] = {0};
  memcpy(bytes, p, (size_t)n);
  return vm64_load_bytes(bytes);
}
CK_INLINE void vm64_store_bytes(uint8_t *p, vm64 m) {
  p[0] = m[0] != 0;
  p[1] = m[1] != 0;
}
CK_INLINE void vm64_store_bytes_first(uint8_t *p, vm64 m, int64_t n) {
  uint8_t bytes[2];
  vm64_store_bytes(bytes, m);
  memcpy(p, bytes, (size_t)n);
}

// Floats: memory.
CK_INLINE vf64 vf64_load(const double *p) {
  vf64 v;
  memcpy(&v, p, sizeof v);
  return v;
}
CK_INLINE void vf64_store(double *p, vf64 v) { memcpy(p, &v, sizeof v); }
CK_INLINE vf64 vf64_load_first(const double *p, int64_t n) {
  vf64 v = vf64_zero();
  memcpy(&v, p, (size_t)n * sizeof(double));
  return v;
}
CK_INLINE void vf64_store_first(double *p, vf64 v, int64_t n) { memcpy(p, &v, (size_t)n * sizeof(double)); }

// Floats: comparison and selection.
CK_INLINE vm64 vf64_eq(vf64 a, vf64 b) { return a == b; }
CK_INLINE vm64 vf64_ne(vf64 a, vf64 b) { return a != b; }
CK_INLINE vm64 vf64_lt(vf64 a, vf64 b) { return a < b; }
CK_INLINE vm64 vf64_le(vf64 a, vf64 b) { return a <= b; }
CK_INLINE vm64 vf64_gt(vf64 a, vf64 b) { return a > b; }
CK_INLINE vm64 vf64_ge(vf64 a, vf64 b) { return a >= b; }
CK_INLINE vm64 vf64_is_nan(vf64 a) { return a != a; }
CK_INLINE vf64 vf64_select(vm64 m, vf64 a, vf64 b) { return (vf64)((m & (vi64)a) | (~m & (vi64)b)); }

// Floats: arithmetic.
CK_INLINE vf64 vf64_add(vf64 a, vf64 b) { return a + b; }
CK_INLINE vf64 vf64_sub(vf64 a, vf64 b) { return a - b; }
CK_INLINE vf64 vf64_mul(vf64 a, vf64 b) { return a * b; }
CK_INLINE vf64 vf64_div(vf64 a, vf64 b) { return a / b; }
CK_INLINE vf64 vf64_sqrt(vf64 a) { return __builtin_elementwise_sqrt(a); }
CK_INLINE vf64 vf64_fma(vf64 a, vf64 b, vf64 c) { return a * b + c; }
CK_INLINE vf64 vf64_fnma(vf64 a, vf64 b, vf64 c) { return c - a * b; }
CK_INLINE vf64 vf64_max(vf64 a, vf64 b) { return vf64_select(a > b, a, b); }
CK_INLINE vf64 vf64_min(vf64 a, vf64 b) { return vf64_select(a < b, a, b); }
CK_INLINE vf64 vf64_abs(vf64 a) { return (vf64)((vi64)a & INT64_MAX); }
CK_INLINE vf64 vf64_neg(vf64 a) { return (vf64)((vi64)a ^ INT64_MIN); }
CK_INLINE vf64 vf64_copysign(vf64 magnitude, vf64 sign) {
  return (vf64)(((vi64)magnitude & INT64_MAX) | ((vi64)sign & INT64_MIN));
}
CK_INLINE vf64 vf64_round(vf64 a) {
  // Doubles from 2^52 on are integers; below, adding 2^52 leaves no room for a fraction.
  vf64 magnitude = vf64_abs(a), shift = vf64_set1(0x1p52);
  vf64 rounded = vf64_copysign((magnitude + shift) - shift, a);
  return vf64_select(magnitude < shift, rounded, a);
}
CK_INLINE vf64 vf64_floor(vf64 a) {
  vf64 rounded = vf64_round(a);
  return vf64_select(rounded > a, rounded - vf64_set1(1), rounded);
}

// Integers.
CK_INLINE vi64 vi64_load(const int64_t *p) {
  vi64 v;
  memcpy(&v, p, sizeof v);
  return v;
}
CK_INLINE void vi64_store(int64_t *p, vi64 v) { memcpy(p, &v, sizeof v); }
CK_INLINE vi64 vi64_load_first(const int64_t *p, int64_t n) {
  vi64 v = vi64_set1(0);
  memcpy(&v, p, (size_t)n * sizeof(int64_t));
  return v;
}
CK_INLINE void vi64_store_first(int64_t *p, vi64 v, int64_t n) { memcpy(p, &v, (size_t)n * sizeof(int64_t)); }
CK_INLINE vi64 vi64_add(vi64 a, vi64 b) { return (vi64)((vu64)a + (vu64)b); }
CK_INLINE vi64 vi64_sub(vi64 a, vi64 b) { return (vi64)((vu64)a - (vu64)b); }
CK_INLINE vi64 vi64_and(vi64 a, vi64 b) { return a & b; }
CK_INLINE vi64 vi64_or(vi64 a, vi64 b) { return a | b; }
CK_INLINE vi64 vi64_xor(vi64 a, vi64 b) { return a ^ b; }
CK_INLINE vi64 vi64_shift_left(vi64 a, int n) { return (vi64)((vu64)a << (uint64_t)n); }
CK_INLINE vi64 vi64_shift_right_logical(vi64 a, int n) { return (vi64)((vu64)a >> (uint64_t)n); }
CK_INLINE vi64 vi64_shift_right_arithmetic(vi64 a, int n) { return a >> n; }
CK_INLINE vm64 vi64_eq(vi64 a, vi64 b) { return a == b; }
CK_INLINE vm64 vi64_gt(vi64 a, vi64 b) { return a > b; }
CK_INLINE vi64 vi64_select(vm64 m, vi64 a, vi64 b) { return (m & a) | (~m & b); }

// Between floats and integers: numbers of magnitude below 2^51 are moved to where doubles are 1 apart, and
// their lowest bits are then the integer.
CK_INLINE vi64 vf64_to_vi64(vf64 a) {
  vf64 shift = vf64_set1(0x1.8p52);
  return vi64_sub((vi64)(a + shift), (vi64)shift);
}
CK_INLINE vf64 vi64_to_vf64(vi64 a) {
  vf64 shift = vf64_set1(0x1.8p52);
  return (vf64)vi64_add(a, (vi64)shift) - shift;
}

// Across lanes.
CK_INLINE vf64 vf64_zip_low(vf64 a, vf64 b) { return __builtin_shufflevector(a, b, 0, 2); }
CK_INLINE vf64 vf64_zip_high(vf64 a, vf64 b) { return __builtin_shufflevector(a, b, 1, 3); }
CK_INLINE double vf64_reduce_add(vf64 v) { return v[0] + v[1]; }
CK_INLINE double vf64_reduce_max(vf64 v) { return v[0] > v[1] ? v[0] : v[1]; }
CK_INLINE double vf64_reduce_min(vf64 v) { return v[0] < v[1] ? v[0] : v[1]; }

#endif
