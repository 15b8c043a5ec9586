// The exponential function of a vector of float64.
#ifndef CK_MATH_EXP_F64_H
#define CK_MATH_EXP_F64_H

/// x less the nearest multiple n of ln 2, for x of magnitude below 1024.
CK_INLINE vf64 vf64_less_powers(vf64 x, vf64 *n) {
  vf64 rounded = vf64_round(vf64_mul(x, vf64_set1(0x1.71547652b82fep+0)));
  *n = rounded;
  // ln 2 in two parts. The first has so few bits that its product with n is exact even without a fused multiply.
  vf64 r = vf64_fnma(rounded, vf64_set1(0x1.62e42fefa3800p-1), x);
  return vf64_fnma(rounded, vf64_set1(0x1.ef35793c76730p-45), r);
}

/// e^r - 1 for |r| <= ln(2)/2.
CK_INLINE vf64 vf64_expm1_of_rest(vf64 r) {
  // r + r^2 q(r), minimax, error below 2^-57 of e^r.
  vf64 q = vf64_set1(0x1.ad7bb8139d934p-26);
  q = vf64_fma(q, r, vf64_set1(0x1.28ad6c49a90e1p-22));
  q = vf64_fma(q, r, vf64_set1(0x1.71df27e9679c3p-19));
  q = vf64_fma(q, r, vf64_set1(0x1.a0199a1675c99p-16));
  q = vf64_fma(q, r, vf64_set1(0x1.a01a01290fb0bp-13));
  q = vf64_fma(q, r, vf64_set1(0x1.6c16c18424bc7p-10));
  q = vf64_fma(q, r, vf64_set1(0x1.111111112800cp-7));
  q = vf64_fma(q, r, vf64_set1(0x1.55555555508a0p-5));
  q = vf64_fma(q, r, vf64_set1(0x1.55555555554f9p-3));
  q = vf64_fma(q, r, vf64_set1(0x1.000000000000ap-1));
  return vf64_fma(q, vf64_mul(r, r), r);
}

/// Splits e^x into p * 2^n with p near 1 and n integral, for x of magnitude below 1024. NaN gives a NaN p.
CK_INLINE vf64 vf64_exp_split(vf64 x, vf64 *n) {
  return vf64_add(vf64_expm1_of_rest(vf64_less_powers(x, n)), vf64_set1(1.0));
}

/// e^x for x up to 710, the last number for which the bound of `vf64_exp` need not be looked at. NaN gives NaN.
CK_INLINE vf64 vf64_exp_of_lesser(vf64 x) {
  // Below this the result is zero; a NaN passes through as the second operand.
  x = vf64_max(vf64_set1(-746.0), x);
  vf64 n;
  vf64 p = vf64_exp_split(x, &n);
  return vf64_scale_by_power(p, n);
}

/// e^x. NaN gives NaN, large numbers infinity, small ones denormals and then zero. Error below 1.2 ULP.
CK_INLINE vf64 vf64_exp(vf64 x) { return vf64_exp_of_lesser(vf64_min(vf64_set1(710.0), x)); }

#endif
