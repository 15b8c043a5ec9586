// The natural logarithm of a vector of float64.
#ifndef CK_MATH_LOG_F64_H
#define CK_MATH_LOG_F64_H

/// x = (1 + f) * 2^n for positive, normal x, with 1 + f between sqrt(1/2) and sqrt(2). Gives f.
CK_INLINE vf64 vf64_log_split(vf64 x, vf64 *n) {
  vi64 bits = vf64_as_vi64(x);
  vi64 power = vi64_shift_right_arithmetic(vi64_sub(bits, vi64_set1(0x3fe6a09e667f3bcd)), 52);
  *n = vi64_to_vf64(power);
  return vf64_sub(vi64_as_vf64(vi64_sub(bits, vi64_shift_left(power, 52))), vf64_set1(1.0));
}

/// r for such an f, and s: ln(1 + f) is f - (h - s (h + r)) with h = f^2 / 2.
CK_INLINE vf64 vf64_log_rest(vf64 f, vf64 *s) {
  // With s = f / (2 + f), ln(1 + f) = 2 atanh s = 2 s + s r(s^2) with r minimax, relative error below 2^-59. Because
  // 2 s = f - s f and s f = h - s h with h = f^2 / 2, that is f - (h - s (h + r)), whose greatest term is exact.
  *s = vf64_div(f, vf64_add(vf64_set1(2.0), f));
  vf64 z = vf64_mul(*s, *s);
  vf64 r = vf64_set1(0x1.2f0c833a81269p-3);
  r = vf64_fma(r, z, vf64_set1(0x1.39a1147611f6ep-3));
  r = vf64_fma(r, z, vf64_set1(0x1.746644bf8a137p-3));
  r = vf64_fma(r, z, vf64_set1(0x1.c71c51eff57f2p-3));
  r = vf64_fma(r, z, vf64_set1(0x1.249249420c971p-2));
  r = vf64_fma(r, z, vf64_set1(0x1.999999997fc0ap-2));
  r = vf64_fma(r, z, vf64_set1(0x1.5555555555593p-1));
  return vf64_mul(r, z);
}

/// ln x. Zero of either sign gives -infinity, negative numbers and NaN give NaN. Error below 1 ULP.
CK_INLINE vf64 vf64_log(vf64 x) {
  // Denormals are scaled into the normal range first.
  vm64 tiny = vf64_lt(x, vf64_set1(0x1p-1022));
  vf64 scaled = vf64_select(tiny, vf64_mul(x, vf64_set1(0x1p54)), x);
  vf64 n, s;
  vf64 f = vf64_log_split(scaled, &n);
  vf64 exponent = vf64_sub(n, vf64_select(tiny, vf64_set1(54.0), vf64_zero()));
  vf64 r = vf64_log_rest(f, &s);
  vf64 h = vf64_mul(vf64_mul(vf64_set1(0.5), f), f);
  // Smallest terms first. ln 2 is in two parts, of which the greater has an exact product with n.
  vf64 tail = vf64_fma(s, vf64_add(h, r), vf64_mul(exponent, vf64_set1(0x1.ef35793c76730p-45)));
  tail = vf64_sub(vf64_sub(h, tail), f);
  vf64 result = vf64_sub(vf64_mul(exponent, vf64_set1(0x1.62e42fefa3800p-1)), tail);
  result = vf64_select(vf64_lt(x, vf64_set1((double)INFINITY)), result, x);
  result = vf64_select(vf64_lt(x, vf64_zero()), vf64_set1((double)NAN), result);
  return vf64_select(vf64_eq(x, vf64_zero()), vf64_set1(-(double)INFINITY), result);
}

#endif
