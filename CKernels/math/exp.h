// The exponential function of a vector.
#ifndef CK_MATH_EXP_H
#define CK_MATH_EXP_H

/// Splits e^x into p * 2^n with p near 1 and n integral, for x of magnitude below 128. NaN gives a NaN p.
CK_INLINE vf32 vf32_exp_split(vf32 x, vf32 *n) {
  vf32 rounded = vf32_round(vf32_mul(x, vf32_set1(0x1.715476p+0f)));
  *n = rounded;
  // ln 2 in two parts. The first has so few bits that its product with n is exact even without a fused multiply.
  vf32 r = vf32_fnma(rounded, vf32_set1(0x1.63p-1f), x);
  r = vf32_fnma(rounded, vf32_set1(-0x1.bd0106p-13f), r);
  // e^r = 1 + r (1 + r q(r)), minimax for |r| <= ln(2)/2, relative error below 2^-28.
  vf32 q = vf32_set1(0x1.6db544p-10f);
  q = vf32_fma(q, r, vf32_set1(0x1.123c22p-7f));
  q = vf32_fma(q, r, vf32_set1(0x1.55545cp-5f));
  q = vf32_fma(q, r, vf32_set1(0x1.55548ep-3f));
  q = vf32_fma(q, r, vf32_set1(0.5f));
  return vf32_fma(vf32_fma(q, r, vf32_set1(1.0f)), r, vf32_set1(1.0f));
}

/// e^x for x up to 89, the last number for which the bound of `vf32_exp` need not be looked at. NaN gives NaN.
CK_INLINE vf32 vf32_exp_of_lesser(vf32 x) {
  // Below this the result is zero; a NaN passes through as the second operand.
  x = vf32_max(vf32_set1(-104.0f), x);
  vf32 n;
  vf32 p = vf32_exp_split(x, &n);
  return vf32_scale_by_power(p, n);
}

/// e^x. NaN gives NaN, large numbers infinity, small ones denormals and then zero.
/// Error below 1.1 ULP.
CK_INLINE vf32 vf32_exp(vf32 x) { return vf32_exp_of_lesser(vf32_min(vf32_set1(89.0f), x)); }

#endif
