// The vector vocabulary in portable vector extensions, for any CPU, and the place where it is explained.
//
// Types. `vf32` holds VF32_LANES floats, `vi32` as many 32-bit integers, `vm32` a truth value per lane. `vf64`,
//   `vi64` and `vm64` are the same with VF64_LANES doubles and 64-bit integers, half as many, and have the
//   same operations but for products of integers; baseline_f64.h has the portable ones.
// Memory. Every load and store is unaligned. `_first(p, n)` touches the first n elements only, for
//   0 <= n <= VF32_LANES; lanes that were not loaded are zero.
// Arithmetic. Each lane is rounded on its own, so a lane's result does not depend on its neighbours or on
//   the lane's place. `vf32_fma(a, b, c)` is a*b + c and `vf32_fnma(a, b, c)` is c - a*b, in one rounding
//   wherever the CPU can and in two here. `vf32_max(a, b)` is `a > b ? a : b` and `vf32_min(a, b)` is
//   `a < b ? a : b`: b where either is NaN or where they are zeros of either sign.
// Rounding. `vf32_round` goes to the nearest integer, ties to even, and keeps the sign of zero.
//   `vf32_to_vi32` rounds likewise; what it gives for NaN and for numbers beyond int32 differs per ISA.
//   `vf64_to_vi64` and `vi64_to_vf64` are for magnitudes below 2^51; what they give beyond differs per ISA.
// Halves. `vf32_load_f16`, `vf32_store_f16` and their `_first_f16` forms read and write the 16-bit floats of half.h,
//   and `_bf16` likewise.
// Comparison. Ordered (false if either is NaN) but for `vf32_ne`, which is the negation of `vf32_eq`.
// Integers wrap. Shift counts are below the width. `vi32_mul_high_unsigned` gives the upper half of the product.
// Across lanes. `vf32_reduce_*` combine lane i with lane i + half for every i below half, then again with
//   half as many, to the last; a fixed tree. `vf32_zip_low(a, b)` is a0 b0 a1 b1 … of the lower halves.
//   `vf32_transpose` transposes a square of as many vectors as each has lanes, and `vf32_load_transposed` one that is
//   loaded; a header with a way of its own for the latter defines CK_LOADS_TRANSPOSED, and has it for doubles too.
//   `vf32_gather(p, index)` is p[index[0]], p[index[1]] …; a header with a way of its own defines CK_GATHERS, and has it
//   for doubles too.
// Bytes. `vm32_load_bytes` reads a byte per lane, true where it is not zero; `vm32_store_bytes` writes 0 or 1.
#ifndef CK_SIMD_BASELINE_H
#define CK_SIMD_BASELINE_H

#define CK_TILE(op, dtype) CK_TILE_HEAD(op, dtype, baseline)
#define CK_OF_ISA(name) CK_JOIN(name, _baseline)
#define CK_ISA CK_ISA_BASELINE
#define VF32_LANES 4

typedef float vf32 __attribute__((vector_size(16)));
typedef int32_t vi32 __attribute__((vector_size(16)));
typedef uint32_t vu32 __attribute__((vector_size(16)));
typedef int32_t vm32 __attribute__((vector_size(16)));

CK_INLINE vi32 vi32_iota(void) { return (vi32){0, 1, 2, 3}; }
CK_INLINE vi32 vi32_set1(int32_t x) { return (vi32){x, x, x, x}; }
CK_INLINE vf32 vf32_set1(float x) { return (vf32){x, x, x, x}; }
CK_INLINE vf32 vf32_zero(void) { return vf32_set1(0); }
CK_INLINE vi32 vf32_as_vi32(vf32 a) { return (vi32)a; }
CK_INLINE vf32 vi32_as_vf32(vi32 a) { return (vf32)a; }

// Masks.
CK_INLINE vm32 vm32_first(int64_t n) { return vi32_iota() < vi32_set1((int32_t)n); }
CK_INLINE vm32 vm32_and(vm32 a, vm32 b) { return a & b; }
CK_INLINE vm32 vm32_or(vm32 a, vm32 b) { return a | b; }
CK_INLINE vm32 vm32_not(vm32 a) { return ~a; }
CK_INLINE vm32 vm32_andnot(vm32 a, vm32 b) { return ~a & b; }
CK_INLINE bool vm32_any(vm32 m) { return (m[0] | m[1] | m[2] | m[3]) != 0; }
CK_INLINE bool vm32_all(vm32 m) { return (m[0] & m[1] & m[2] & m[3]) != 0; }
CK_INLINE vm32 vm32_load_bytes(const uint8_t *p) { return (vi32){p[0], p[1], p[2], p[3]} != 0; }
CK_INLINE vm32 vm32_load_bytes_first(const uint8_t *p, int64_t n) {
  uint8_t bytes[4] = {0};
  memcpy(bytes, p, (size_t)n);
  return vm32_load_bytes(bytes);
}
CK_INLINE void vm32_store_bytes(uint8_t *p, vm32 m) {
  for (int lane = 0; lane < 4; lane++) p[lane] = m[lane] != 0;
}
CK_INLINE void vm32_store_bytes_first(uint8_t *p, vm32 m, int64_t n) {
  uint8_t bytes[4];
  vm32_store_bytes(bytes, m);
  memcpy(p, bytes, (size_t)n);
}

// Floats: memory.
CK_INLINE vf32 vf32_load(const float *p) {
  vf32 v;
  memcpy(&v, p, sizeof v);
  return v;
}
CK_INLINE void vf32_store(float *p, vf32 v) { memcpy(p, &v, sizeof v); }
CK_INLINE vf32 vf32_load_first(const float *p, int64_t n) {
  vf32 v = vf32_zero();
  memcpy(&v, p, (size_t)n * sizeof(float));
  return v;
}
CK_INLINE void vf32_store_first(float *p, vf32 v, int64_t n) { memcpy(p, &v, (size_t)n * sizeof(float)); }

// Floats: comparison and selection.
CK_INLINE vm32 vf32_eq(vf32 a, vf32 b) { return a == b; }
CK_INLINE vm32 vf32_ne(vf32 a, vf32 b) { return a != b; }
CK_INLINE vm32 vf32_lt(vf32 a, vf32 b) { return a < b; }
CK_INLINE vm32 vf32_le(vf32 a, vf32 b) { return a <= b; }
CK_INLINE vm32 vf32_gt(vf32 a, vf32 b) { return a > b; }
CK_INLINE vm32 vf32_ge(vf32 a, vf32 b) { return a >= b; }
CK_INLINE vm32 vf32_is_nan(vf32 a) { return a != a; }
CK_INLINE vf32 vf32_select(vm32 m, vf32 a, vf32 b) { return (vf32)((m & (vi32)a) | (~m & (vi32)b)); }

// Floats: arithmetic.
CK_INLINE vf32 vf32_add(vf32 a, vf32 b) { return a + b; }
CK_INLINE vf32 vf32_sub(vf32 a, vf32 b) { return a - b; }
CK_INLINE vf32 vf32_mul(vf32 a, vf32 b) { return a * b; }
CK_INLINE vf32 vf32_div(vf32 a, vf32 b) { return a / b; }
CK_INLINE vf32 vf32_sqrt(vf32 a) { return __builtin_elementwise_sqrt(a); }
CK_INLINE vf32 vf32_fma(vf32 a, vf32 b, vf32 c) { return a * b + c; }
CK_INLINE vf32 vf32_fnma(vf32 a, vf32 b, vf32 c) { return c - a * b; }
CK_INLINE vf32 vf32_max(vf32 a, vf32 b) { return vf32_select(a > b, a, b); }
CK_INLINE vf32 vf32_min(vf32 a, vf32 b) { return vf32_select(a < b, a, b); }
CK_INLINE vf32 vf32_abs(vf32 a) { return (vf32)((vi32)a & INT32_MAX); }
CK_INLINE vf32 vf32_neg(vf32 a) { return (vf32)((vi32)a ^ INT32_MIN); }
CK_INLINE vf32 vf32_copysign(vf32 magnitude, vf32 sign) {
  return (vf32)(((vi32)magnitude & INT32_MAX) | ((vi32)sign & INT32_MIN));
}
CK_INLINE vf32 vf32_round(vf32 a) {
  // Floats from 2^23 on are integers; below, adding 2^23 leaves no room for a fraction.
  vf32 magnitude = vf32_abs(a), shift = vf32_set1(0x1p23f);
  vf32 rounded = vf32_copysign((magnitude + shift) - shift, a);
  return vf32_select(magnitude < shift, rounded, a);
}
CK_INLINE vf32 vf32_floor(vf32 a) {
  vf32 rounded = vf32_round(a);
  return vf32_select(rounded > a, rounded - vf32_set1(1), rounded);
}

// Integers.
CK_INLINE vi32 vi32_load(const int32_t *p) {
  vi32 v;
  memcpy(&v, p, sizeof v);
  return v;
}
CK_INLINE void vi32_store(int32_t *p, vi32 v) { memcpy(p, &v, sizeof v); }
CK_INLINE vi32 vi32_load_first(const int32_t *p, int64_t n) {
  vi32 v = vi32_set1(0);
  memcpy(&v, p, (size_t)n * sizeof(int32_t));
  return v;
}
CK_INLINE void vi32_store_first(int32_t *p, vi32 v, int64_t n) { memcpy(p, &v, (size_t)n * sizeof(int32_t)); }
CK_INLINE vi32 vi32_add(vi32 a, vi32 b) { return (vi32)((vu32)a + (vu32)b); }
CK_INLINE vi32 vi32_sub(vi32 a, vi32 b) { return (vi32)((vu32)a - (vu32)b); }
CK_INLINE vi32 vi32_mul(vi32 a, vi32 b) { return (vi32)((vu32)a * (vu32)b); }
CK_INLINE vi32 vi32_mul_high_unsigned(vi32 a, vi32 b) {
  vu32 high;
  for (int lane = 0; lane < 4; lane++) {
    high[lane] = (uint32_t)(((uint64_t)(uint32_t)a[lane] * (uint32_t)b[lane]) >> 32);
  }
  return (vi32)high;
}
CK_INLINE vi32 vi32_and(vi32 a, vi32 b) { return a & b; }
CK_INLINE vi32 vi32_or(vi32 a, vi32 b) { return a | b; }
CK_INLINE vi32 vi32_xor(vi32 a, vi32 b) { return a ^ b; }
CK_INLINE vi32 vi32_shift_left(vi32 a, int n) { return (vi32)((vu32)a << (uint32_t)n); }
CK_INLINE vi32 vi32_shift_right_logical(vi32 a, int n) { return (vi32)((vu32)a >> (uint32_t)n); }
CK_INLINE vi32 vi32_shift_right_arithmetic(vi32 a, int n) { return a >> n; }
CK_INLINE vm32 vi32_eq(vi32 a, vi32 b) { return a == b; }
CK_INLINE vm32 vi32_gt(vi32 a, vi32 b) { return a > b; }
CK_INLINE vi32 vi32_select(vm32 m, vi32 a, vi32 b) { return (m & a) | (~m & b); }

// Between floats and integers.
CK_INLINE vi32 vf32_to_vi32(vf32 a) {
  // The conversion itself is undefined for what does not fit.
  vm32 fits = vf32_abs(a) < vf32_set1(0x1p31f);
  vi32 integers = __builtin_convertvector(vf32_select(fits, vf32_round(a), vf32_zero()), vi32);
  return vi32_select(fits, integers, vi32_set1(INT32_MIN));
}
CK_INLINE vf32 vi32_to_vf32(vi32 a) { return __builtin_convertvector(a, vf32); }

// Across lanes.
CK_INLINE vf32 vf32_zip_low(vf32 a, vf32 b) { return __builtin_shufflevector(a, b, 0, 4, 1, 5); }
CK_INLINE vf32 vf32_zip_high(vf32 a, vf32 b) { return __builtin_shufflevector(a, b, 2, 6, 3, 7); }
CK_INLINE float vf32_reduce_add(vf32 v) { return (v[0] + v[2]) + (v[1] + v[3]); }
CK_INLINE float vf32_reduce_max(vf32 v) {
  vf32 two = vf32_max(v, __builtin_shufflevector(v, v, 2, 3, 2, 3));
  return two[0] > two[1] ? two[0] : two[1];
}
CK_INLINE float vf32_reduce_min(vf32 v) {
  vf32 two = vf32_min(v, __builtin_shufflevector(v, v, 2, 3, 2, 3));
  return two[0] < two[1] ? two[0] : two[1];
}

#include "baseline_f64.h"
#include "rounding.h"
#include "baseline_half.h"
#include "derived.h"

#endif
