// The two 16-bit floating-point formats, which are stored but not computed with, and their conversions one
// number at a time. Conversions to them round once, to the nearest and ties to even; what is too large becomes
// infinity, and NaN stays NaN. Conversions from them are exact.
#ifndef CK_SIMD_HALF_H
#define CK_SIMD_HALF_H

/// IEEE 754 half precision: 5 bits of exponent and 10 of fraction.
typedef struct ck_f16 {
  uint16_t bits;
} ck_f16;

/// The upper half of a float32: 8 bits of exponent and 7 of fraction.
typedef struct ck_bf16 {
  uint16_t bits;
} ck_bf16;

/// The elements of each floating-point type as they lie in memory.
typedef float ck_stored_f32;
typedef double ck_stored_f64;
typedef ck_f16 ck_stored_f16;
typedef ck_bf16 ck_stored_bf16;

CK_INLINE uint32_t ck_f32_bits(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

CK_INLINE float ck_f32_of_bits(uint32_t bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

CK_INLINE float ck_bf16_to_f32(ck_bf16 x) { return ck_f32_of_bits((uint32_t)x.bits << 16); }

CK_INLINE ck_bf16 ck_f32_to_bf16(float x) {
  uint32_t bits = ck_f32_bits(x);
  // Adding just less than half of what is cut off, or exactly half above an odd number, carries as rounding
  // does. A NaN's bits must not carry; the quiet bit keeps it one when its lower half goes.
  uint32_t rounded = bits + 0x7fff + (bits >> 16 & 1);
  return (ck_bf16){(uint16_t)((x != x ? bits | 0x400000 : rounded) >> 16)};
}

CK_INLINE float ck_f16_to_f32(ck_f16 x) {
  uint32_t sign = (uint32_t)(x.bits & 0x8000) << 16;
  uint32_t magnitude = x.bits & 0x7fff;
  // As a float's bits the number is 2^-112 times what it should be, denormals included.
  float scaled = ck_f32_of_bits(magnitude << 13) * 0x1p112f;
  uint32_t bits = magnitude < 0x7c00 ? ck_f32_bits(scaled) : magnitude << 13 | 0x7f800000;
  if (magnitude > 0x7c00) bits |= 0x400000;
  return ck_f32_of_bits(sign | bits);
}

CK_INLINE ck_f16 ck_f32_to_f16(float x) {
  uint32_t bits = ck_f32_bits(x), magnitude = bits & 0x7fffffff;
  uint32_t sign = bits >> 16 & 0x8000;
  // Denormals: adding 2^-1 puts the last bit of a half where the last bit of a float is, and rounds there.
  uint32_t denormal = ck_f32_bits(ck_f32_of_bits(magnitude) + 0.5f) - 0x3f000000;
  // Normal numbers: the exponent's bias changes, and the fraction is rounded as in bfloat16.
  uint32_t normal = (magnitude - 0x38000000 + 0xfff + (magnitude >> 13 & 1)) >> 13;
  uint32_t half = magnitude < 0x38800000 ? denormal : normal;
  // From 65520 on, halfway between the largest half and the next power of two, the result is infinity.
  if (magnitude >= 0x477ff000) half = 0x7c00;
  if (magnitude > 0x7f800000) half = 0x7e00 | (magnitude >> 13 & 0x3ff);
  return (ck_f16){(uint16_t)(sign | half)};
}

/// The float next to x on the side of zero or beyond whose last bit is odd, or x itself where it is a float:
/// rounding that to fewer bits gives what rounding x to them gives.
CK_INLINE float ck_f64_to_f32_odd(double x) {
  float nearest = (float)x;
  uint32_t bits = ck_f32_bits(nearest);
  double back = (double)nearest;
  if (back == x || x != x || (bits & 1) != 0) return nearest;
  return ck_f32_of_bits(fabs(back) < fabs(x) ? bits + 1 : bits - 1);
}

CK_INLINE ck_f16 ck_f64_to_f16(double x) { return ck_f32_to_f16(ck_f64_to_f32_odd(x)); }
CK_INLINE ck_bf16 ck_f64_to_bf16(double x) { return ck_f32_to_bf16(ck_f64_to_f32_odd(x)); }

/// As `ck_f64_to_f32_odd`, of an integer.
CK_INLINE float ck_i64_to_f32_odd(int64_t x) {
  // A double holds 53 bits: of larger numbers the lower twelve are replaced by one that says if any was set.
  if (x > -((int64_t)1 << 53) && x < (int64_t)1 << 53) return ck_f64_to_f32_odd((double)x);
  int64_t upper = x & ~(int64_t)0xfff;
  return ck_f64_to_f32_odd((double)(upper | (upper != x ? 0x800 : 0)));
}

/// Between an element and the number that is computed with.
CK_INLINE float ck_real_of_f32(float x) { return x; }
CK_INLINE double ck_real_of_f64(double x) { return x; }
CK_INLINE float ck_real_of_f16(ck_f16 x) { return ck_f16_to_f32(x); }
CK_INLINE float ck_real_of_bf16(ck_bf16 x) { return ck_bf16_to_f32(x); }
CK_INLINE float ck_f64_to_f32(double x) { return (float)x; }
CK_INLINE double ck_f64_to_f64(double x) { return x; }

CK_INLINE ck_f16 ck_i64_to_f16(int64_t x) { return ck_f32_to_f16(ck_i64_to_f32_odd(x)); }
CK_INLINE ck_bf16 ck_i64_to_bf16(int64_t x) { return ck_f32_to_bf16(ck_i64_to_f32_odd(x)); }

#endif
