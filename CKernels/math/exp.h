// The exponential function of a vector.
#ifndef CK_MATH_EXP_H
#define CK_MATH_EXP_H

/// x less the nearest multiple n of ln 2, for x of magnitude below 128.
CK_INLINE vf32 vf32_less_powers(vf32 x, vf32 *n) {
  vf32 rounded = vf32_round(vf32_mul(x, vf32_set1(0x1.715476p+0f)));
  *n = rounded;
  // ln 2 in two parts. The first has so few bits that its product with n is exact even without a fused multiply.
  vf32 r = vf32_fnma(rounded, vf32_set1(0x1.63p-1f), x);
  return vf32_fnma(rounded, vf32_set1(-0x1.bd0106p-13f), r);
}

/// (e^r - 1) / r for |r| <= ln(2)/2, where r times it, and 1 more, has a relative error below 2^-28.
CK_INLINE vf32 vf32_exp_slope(vf32 r) {
  // 1 + r q(r), minimax.
  vf32 q = vf32_set1(0x1.6db544p-10f);
  q = vf32_fma(q, r, vf32_set1(0x1.123c22p-7f));
  q = vf32_fma(q, r, vf32_set1(0x1.55545cp-5f));
  q = vf32_fma(q, r, vf32_set1(0x1.55548ep-3f));
  q = vf32_fma(q, r, vf32_set1(0.5f));
  return vf32_fma(q, r, vf32_set1(1.0f));
}

/// e^r - 1 for |r| <= ln(2)/2.
CK_INLINE vf32 vf32_expm1_of_rest(vf32 r) { return vf32_mul(vf32_exp_slope(r), r); }

/// Splits e^x into p * 2^n with p near 1 and n integral, for x of magnitude below 128. NaN gives a NaN p.
CK_INLINE vf32 vf32_exp_split(vf32 x, vf32 *n) {
  vf32 r = vf32_less_powers(x, n);
  return vf32_fma(vf32_exp_slope(r), r, vf32_set1(1.0f));
}

#ifdef CK_LOOKS_UP
/// 2^(j / 16), rounded to nearest, and what it is short of that, as a part of it.
static const float exp_roots[16] = {
    0x1p+0f, 0x1.0b5586p+0f, 0x1.172b84p+0f, 0x1.2387a6p+0f, 0x1.306fep+0f, 0x1.3dea64p+0f, 0x1.4bfdaep+0f,
    0x1.5ab07ep+0f, 0x1.6a09e6p+0f, 0x1.7a1148p+0f, 0x1.8ace54p+0f, 0x1.9c4918p+0f, 0x1.ae89fap+0f,
    0x1.c199bep+0f, 0x1.d5818ep+0f, 0x1.ea4afap+0f,
};
static const float exp_rests[16] = {
    0x0p+0f, 0x1.8d96d4p-25f, -0x1.9c0c22p-27f, 0x1.964904p-25f, 0x1.125002p-25f, 0x1.370be4p-25f,
    -0x1.0a355p-25f, -0x1.00d8acp-27f, 0x1.26055cp-26f, -0x1.05cb44p-25f, 0x1.67a1cap-28f, 0x1.a3b5e4p-28f,
    -0x1.f9c304p-27f, -0x1.6961b4p-28f, -0x1.a5217cp-28f, 0x1.61428ep-28f,
};

/// e^x for x up to 89, the last number for which the bound of `vf32_exp` need not be looked at. NaN gives NaN.
CK_INLINE vf32 vf32_exp_of_lesser(vf32 x) {
  // Below this the result is zero; a NaN passes through as the second operand.
  x = vf32_max(vf32_set1(-104.0f), x);
  // e^x = 2^(n / 16) e^r. Rounding to multiples of 1/16 leaves n in the lowest bits.
  vf32 sixteenths = vf32_set1(0x1.8p+19f);
  vf32 rounded = vf32_fma(x, vf32_set1(0x1.715476p+0f), sixteenths);
  vf32 power = vf32_sub(rounded, sixteenths);
  vf32 r = vf32_fnma(power, vf32_set1(0x1.63p-1f), x);
  r = vf32_fnma(power, vf32_set1(-0x1.bd0106p-13f), r);
  vf32 root = vf32_look_up_16(exp_roots, vf32_as_vi32(rounded));
  vf32 rest = vf32_look_up_16(exp_rests, vf32_as_vi32(rounded));
  // e^r - 1 = r (1 + r q(r)) for |r| <= ln(2)/32, relative error of e^r below 2^-27.9; and the root's rest.
  vf32 q = vf32_fma(r, vf32_set1(0x1.55569p-3f), vf32_set1(0x1.00018ap-1f));
  q = vf32_fma(vf32_fma(q, r, vf32_set1(1.0f)), r, rest);
  // Scaling takes the whole part of the power.
  return vf32_scale_by_power(vf32_fma(root, q, root), power);
}
#else
/// e^x, as above.
CK_INLINE vf32 vf32_exp_of_lesser(vf32 x) {
  // Below this the result is zero; a NaN passes through as the second operand.
  x = vf32_max(vf32_set1(-104.0f), x);
  vf32 n;
  vf32 p = vf32_exp_split(x, &n);
  return vf32_scale_by_power(p, n);
}
#endif

/// e^x. NaN gives NaN, large numbers infinity, small ones denormals and then zero.
/// Error below 1.25 ULP.
CK_INLINE vf32 vf32_exp(vf32 x) { return vf32_exp_of_lesser(vf32_min(vf32_set1(89.0f), x)); }

#endif
