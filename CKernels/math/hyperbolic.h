// What math/logarithms.h needs of each width: the hyperbolic sine near zero, and the logarithm of a mantissa.
#ifndef CK_MATH_HYPERBOLIC_H
#define CK_MATH_HYPERBOLIC_H

/// sinh t for t up to 1, with a polynomial of Cephes (Moshier) of a relative error below 2^-26.
CK_INLINE vf32 vf32_sinh_of_small(vf32 t) {
  vf32 z = vf32_mul(t, t);
  vf32 p = vf32_fma(vf32_set1(2.03721912945e-4f), z, vf32_set1(8.33028376239e-3f));
  p = vf32_fma(p, z, vf32_set1(1.66667160211e-1f));
  return vf32_fma(vf32_mul(p, z), t, t);
}

/// As above, with Taylor's series, of which the rest is below 2^-56.
CK_INLINE vf64 vf64_sinh_of_small(vf64 t) {
  vf64 z = vf64_mul(t, t);
  vf64 p = vf64_set1(1 / 355687428096000.0);
  p = vf64_fma(p, z, vf64_set1(1 / 1307674368000.0));
  p = vf64_fma(p, z, vf64_set1(1 / 6227020800.0));
  p = vf64_fma(p, z, vf64_set1(1 / 39916800.0));
  p = vf64_fma(p, z, vf64_set1(1 / 362880.0));
  p = vf64_fma(p, z, vf64_set1(1 / 5040.0));
  p = vf64_fma(p, z, vf64_set1(1 / 120.0));
  p = vf64_fma(p, z, vf64_set1(1 / 6.0));
  return vf64_fma(vf64_mul(p, z), t, t);
}

/// ln m for positive, normal x = m * 2^n with m between sqrt(1/2) and sqrt(2).
CK_INLINE vf32 vf32_log_of_mantissa(vf32 x, vf32 *n) {
  vf32 f = vf32_log_split(x, n), square = vf32_mul(f, f);
  return vf32_add(f, vf32_fnma(vf32_set1(0.5f), square, vf32_log_cubic(f, square)));
}
CK_INLINE vf64 vf64_log_of_mantissa(vf64 x, vf64 *n) {
  vf64 f = vf64_log_split(x, n), s;
  vf64 r = vf64_log_rest(f, &s);
  vf64 h = vf64_mul(vf64_mul(vf64_set1(0.5), f), f);
  return vf64_sub(f, vf64_fnma(s, vf64_add(h, r), h));
}

#endif
