// The natural logarithm of a vector.
#ifndef CK_MATH_LOG_H
#define CK_MATH_LOG_H

/// x = (1 + f) * 2^n for positive, normal x, with 1 + f between sqrt(1/2) and sqrt(2). Gives f.
CK_INLINE vf32 vf32_log_split(vf32 x, vf32 *n) {
  vi32 bits = vf32_as_vi32(x);
  vi32 power = vi32_shift_right_arithmetic(vi32_sub(bits, vi32_set1(0x3f3504f3)), 23);
  *n = vi32_to_vf32(power);
  return vf32_sub(vi32_as_vf32(vi32_sub(bits, vi32_shift_left(power, 23))), vf32_set1(1.0f));
}

/// ln(1 + f) - f + f^2/2 for such an f.
CK_INLINE vf32 vf32_log_cubic(vf32 f, vf32 square) {
  // f^3 p(f), minimax, error below 2^-27 of ln(1 + f).
  vf32 p = vf32_set1(-0x1.4217aap-4f);
  p = vf32_fma(p, f, vf32_set1(0x1.07edfap-3f));
  p = vf32_fma(p, f, vf32_set1(-0x1.0ce5f2p-3f));
  p = vf32_fma(p, f, vf32_set1(0x1.226a96p-3f));
  p = vf32_fma(p, f, vf32_set1(-0x1.5477acp-3f));
  p = vf32_fma(p, f, vf32_set1(0x1.99a5bap-3f));
  p = vf32_fma(p, f, vf32_set1(-0x1.000224p-2f));
  p = vf32_fma(p, f, vf32_set1(0x1.55554ap-2f));
  return vf32_mul(vf32_mul(p, f), square);
}

/// ln(x * 2^-shift) for positive, normal x.
CK_INLINE vf32 vf32_log_of_normal(vf32 x, vf32 shift) {
  vf32 n;
  vf32 f = vf32_log_split(x, &n);
  vf32 exponent = vf32_sub(n, shift);
  vf32 square = vf32_mul(f, f);
  // Smallest terms first. ln 2 is in two parts, of which the greater has an exact product with n.
  vf32 tail = vf32_log_cubic(f, square);
  tail = vf32_fma(exponent, vf32_set1(-0x1.bd0106p-13f), tail);
  tail = vf32_fnma(vf32_set1(0.5f), square, tail);
  return vf32_fma(exponent, vf32_set1(0x1.63p-1f), vf32_add(f, tail));
}

/// As `vf32_log`, for any x.
CK_INLINE vf32 vf32_log_of_any(vf32 x) {
  // Denormals are scaled into the normal range first.
  vm32 tiny = vf32_lt(x, vf32_set1(0x1p-126f));
  vf32 scaled = vf32_select(tiny, vf32_mul(x, vf32_set1(0x1p24f)), x);
  vf32 result = vf32_log_of_normal(scaled, vf32_select(tiny, vf32_set1(24.0f), vf32_zero()));
  result = vf32_select(vf32_lt(x, vf32_set1(INFINITY)), result, x);
  result = vf32_select(vf32_lt(x, vf32_zero()), vf32_set1(NAN), result);
  return vf32_select(vf32_eq(x, vf32_zero()), vf32_set1(-INFINITY), result);
}

/// ln x. Zero of either sign gives -infinity, negative numbers and NaN give NaN. Error below 0.9 ULP.
CK_INLINE vf32 vf32_log(vf32 x) {
  // Positive, normal numbers, which is what there mostly is, have their bits from 2^23 up to those of infinity: one
  // range once the least of them is moved to the least integer.
  vi32 moved = vi32_sub(vf32_as_vi32(x), vi32_set1(0x00800000 + INT32_MIN));
  if (vm32_all(vi32_gt(vi32_set1(0x7f000000 + INT32_MIN), moved))) return vf32_log_of_normal(x, vf32_zero());
  return vf32_log_of_any(x);
}

#endif
