// Sine and cosine near zero, and what an angle has beyond quarter turns.
#ifndef CK_MATH_SINE_H
#define CK_MATH_SINE_H

/// Up to here, in magnitude, angles are reduced in vectors.
static const float vf32_greatest_angle = 8192.0f;

/// x less the nearest multiple n of pi / 2, for x up to `vf32_greatest_angle`.
CK_INLINE vf32 vf32_less_quarters(vf32 x, vf32 *n) {
  *n = vf32_round(vf32_mul(x, vf32_set1(0x1.45f306p-1f)));
  // pi / 2 in four parts, of which the first three have so few bits that their products with n are exact.
  vf32 r = vf32_fnma(*n, vf32_set1(1.5703125f), x);
  r = vf32_fnma(*n, vf32_set1(4.837512969970703125e-4f), r);
  r = vf32_fnma(*n, vf32_set1(0x1.444p-24f), r);
  return vf32_fnma(*n, vf32_set1(0x1.68c234p-39f), r);
}

/// sin r and cos r for |r| up to pi / 4, with the polynomials of Cephes (Moshier), whose relative error is below 2^-26.
CK_INLINE vf32 vf32_sine_of_rest(vf32 r, vf32 z) {
  vf32 p = vf32_fma(vf32_set1(-1.9515295891e-4f), z, vf32_set1(8.3321608736e-3f));
  p = vf32_fma(p, z, vf32_set1(-1.6666654611e-1f));
  return vf32_fma(vf32_mul(p, z), r, r);
}
CK_INLINE vf32 vf32_cosine_of_rest(vf32 z) {
  vf32 p = vf32_fma(vf32_set1(2.443315711809948e-5f), z, vf32_set1(-1.388731625493765e-3f));
  p = vf32_fma(p, z, vf32_set1(4.166664568298827e-2f));
  return vf32_fma(vf32_mul(p, z), z, vf32_fma(vf32_set1(-0.5f), z, vf32_set1(1.0f)));
}

/// As above, in float64.
static const double vf64_greatest_angle = 1e8;

CK_INLINE vf64 vf64_less_quarters(vf64 x, vf64 *n) {
  *n = vf64_round(vf64_mul(x, vf64_set1(0x1.45f306dc9c883p-1)));
  vf64 r = vf64_fnma(*n, vf64_set1(2 * 7.85398125648498535156e-1), x);
  r = vf64_fnma(*n, vf64_set1(2 * 3.77489470793079817668e-8), r);
  r = vf64_fnma(*n, vf64_set1(0x1.846988p-48), r);
  return vf64_fnma(*n, vf64_set1(0x1.8cc51701b839ap-72), r);
}

/// The polynomials are those of fdlibm (Sun Microsystems), with a relative error below 2^-57.
CK_INLINE vf64 vf64_sine_of_rest(vf64 r, vf64 z) {
  vf64 p = vf64_set1(1.58969099521155010221e-10);
  p = vf64_fma(p, z, vf64_set1(-2.50507602534068634195e-08));
  p = vf64_fma(p, z, vf64_set1(2.75573137070700676789e-06));
  p = vf64_fma(p, z, vf64_set1(-1.98412698298579493134e-04));
  p = vf64_fma(p, z, vf64_set1(8.33333333332248946124e-03));
  p = vf64_fma(p, z, vf64_set1(-1.66666666666666324348e-01));
  return vf64_fma(vf64_mul(p, z), r, r);
}
CK_INLINE vf64 vf64_cosine_of_rest(vf64 z) {
  vf64 p = vf64_set1(-1.13596475577881948265e-11);
  p = vf64_fma(p, z, vf64_set1(2.08757232129817482790e-09));
  p = vf64_fma(p, z, vf64_set1(-2.75573143513906633035e-07));
  p = vf64_fma(p, z, vf64_set1(2.48015872894767294178e-05));
  p = vf64_fma(p, z, vf64_set1(-1.38888888888741095749e-03));
  p = vf64_fma(p, z, vf64_set1(4.16666666666666019037e-02));
  return vf64_fma(vf64_mul(p, z), z, vf64_fma(vf64_set1(-0.5), z, vf64_set1(1.0)));
}

#endif
