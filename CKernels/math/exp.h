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
CK_INLINE vf32 vf32_exp_by_polynomial(vf32 x) {
  // Below this the result is zero; a NaN passes through as the second operand.
  x = vf32_max(vf32_set1(-104.0f), x);
  vf32 n;
  vf32 p = vf32_exp_split(x, &n);
  return vf32_scale_by_power(p, n);
}

#ifdef CK_LOOKS_UP
/// 2^(j / 32), rounded to nearest.
static const float exp_roots[32] = {
    0x1p+0f, 0x1.059b0ep+0f, 0x1.0b5586p+0f, 0x1.11301ep+0f, 0x1.172b84p+0f, 0x1.1d4874p+0f, 0x1.2387a6p+0f,
    0x1.29e9ep+0f, 0x1.306fep+0f, 0x1.371a74p+0f, 0x1.3dea64p+0f, 0x1.44e086p+0f, 0x1.4bfdaep+0f,
    0x1.5342b6p+0f, 0x1.5ab07ep+0f, 0x1.6247ecp+0f, 0x1.6a09e6p+0f, 0x1.71f75ep+0f, 0x1.7a1148p+0f,
    0x1.82589ap+0f, 0x1.8ace54p+0f, 0x1.93737cp+0f, 0x1.9c4918p+0f, 0x1.a5503cp+0f, 0x1.ae89fap+0f,
    0x1.b7f77p+0f, 0x1.c199bep+0f, 0x1.cb720ep+0f, 0x1.d5818ep+0f, 0x1.dfc974p+0f, 0x1.ea4afap+0f,
    0x1.f50766p+0f,
};

/// The same, with a part of the power looked up. Its error is as small, but is reached all over.
CK_INLINE vf32 vf32_exp_of_lesser(vf32 x) {
  x = vf32_max(vf32_set1(-104.0f), x);
  // e^x = 2^(n / 32) e^r. Rounding to multiples of 1/32 leaves n in the lowest bits.
  vf32 thirty_seconds = vf32_set1(0x1.8p+18f);
  vf32 rounded = vf32_fma(x, vf32_set1(0x1.715476p+0f), thirty_seconds);
  vf32 power = vf32_sub(rounded, thirty_seconds);
  vf32 r = vf32_fnma(power, vf32_set1(0x1.63p-1f), x);
  r = vf32_fnma(power, vf32_set1(-0x1.bd0106p-13f), r);
  // e^r - 1 by its series: |r| <= ln(2)/64, so the next term is below 2^-30.
  vf32 q = vf32_fma(r, vf32_set1(0x1.555556p-3f), vf32_set1(0.5f));
  q = vf32_mul(vf32_fma(q, r, vf32_set1(1.0f)), r);
  vf32 root = vf32_look_up(exp_roots, vf32_as_vi32(rounded));
  // Scaling takes the whole part of the power.
  return vf32_scale_by_power(vf32_fma(root, q, root), power);
}
#else
CK_INLINE vf32 vf32_exp_of_lesser(vf32 x) { return vf32_exp_by_polynomial(x); }
#endif

/// e^x. NaN gives NaN, large numbers infinity, small ones denormals and then zero.
/// Error below 1.1 ULP.
CK_INLINE vf32 vf32_exp(vf32 x) { return vf32_exp_of_lesser(vf32_min(vf32_set1(89.0f), x)); }

#endif
