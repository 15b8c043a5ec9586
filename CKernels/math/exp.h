// The exponential function of a vector.
#ifndef CK_MATH_EXP_H
#define CK_MATH_EXP_H

/// 2^n for -126 <= n <= 127.
CK_INLINE vf32 vf32_power_of_two(vi32 n) {
  return vi32_as_vf32(vi32_shift_left(vi32_add(n, vi32_set1(127)), 23));
}

/// Splits e^x into p * 2^n with p near 1 and n integral, for x of magnitude below 128. NaN gives a NaN p.
CK_INLINE vf32 vf32_exp_split(vf32 x, vi32 *n) {
  vf32 rounded = vf32_round(vf32_mul(x, vf32_set1(0x1.715476p+0f)));
  *n = vf32_to_vi32(rounded);
  // ln 2 in two parts. The first has so few bits that its product with n is exact even without a fused multiply.
  vf32 r = vf32_fnma(rounded, vf32_set1(0x1.63p-1f), x);
  r = vf32_fnma(rounded, vf32_set1(-0x1.bd0106p-13f), r);
  // e^r = 1 + r + r^2 q(r), minimax for |r| <= ln(2)/2, relative error below 2^-28.
  vf32 q = vf32_set1(0x1.6db544p-10f);
  q = vf32_fma(q, r, vf32_set1(0x1.123c22p-7f));
  q = vf32_fma(q, r, vf32_set1(0x1.55545cp-5f));
  q = vf32_fma(q, r, vf32_set1(0x1.55548ep-3f));
  q = vf32_fma(q, r, vf32_set1(0.5f));
  return vf32_add(vf32_fma(q, vf32_mul(r, r), r), vf32_set1(1.0f));
}

/// e^x. NaN gives NaN, large numbers infinity, small ones denormals and then zero.
/// Error below 1.1 ULP.
CK_INLINE vf32 vf32_exp(vf32 x) {
  // Beyond these bounds the result is infinity or zero; a NaN passes through as the second operand.
  x = vf32_max(vf32_set1(-104.0f), x);
  x = vf32_min(vf32_set1(89.0f), x);
  vi32 n;
  vf32 p = vf32_exp_split(x, &n);
  // Two steps, so that neither power leaves the range of floats and only the last product is rounded.
  vi32 half = vi32_shift_right_arithmetic(n, 1);
  p = vf32_mul(p, vf32_power_of_two(half));
  return vf32_mul(p, vf32_power_of_two(vi32_sub(n, half)));
}

#endif
