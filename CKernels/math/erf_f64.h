// The error function of a vector of float64, and the cumulative function of the normal distribution, which shares its
// polynomials.
#ifndef CK_MATH_ERF_F64_H
#define CK_MATH_ERF_F64_H

#include "exp_f64.h"

/// From here on erfc, below it erf has a polynomial.
static const double vf64_erf_split = 0.92;

/// erf t for t from 0 to `vf64_erf_split`.
CK_INLINE vf64 vf64_erf_of_small(vf64 t) {
  // t + t p(t^2), minimax, absolute error of p below 2^-59.
  vf64 u = vf64_mul(t, t);
  vf64 p = vf64_set1(-0x1.cb907143c5c4bp-31);
  p = vf64_fma(p, u, vf64_set1(0x1.e0cc3acdb1405p-27));
  p = vf64_fma(p, u, vf64_set1(-0x1.5d4d123b24c4dp-23));
  p = vf64_fma(p, u, vf64_set1(0x1.b9b03d6552a25p-20));
  p = vf64_fma(p, u, vf64_set1(-0x1.f4cec4f42ab17p-17));
  p = vf64_fma(p, u, vf64_set1(0x1.f9a2fe72daea4p-14));
  p = vf64_fma(p, u, vf64_set1(-0x1.c02db2d279ba1p-11));
  p = vf64_fma(p, u, vf64_set1(0x1.565bcd08d7c2ep-8));
  p = vf64_fma(p, u, vf64_set1(-0x1.b82ce31269986p-6));
  p = vf64_fma(p, u, vf64_set1(0x1.ce2f21a042645p-4));
  p = vf64_fma(p, u, vf64_set1(-0x1.812746b0379e0p-2));
  p = vf64_fma(p, u, vf64_set1(0x1.06eba8214db69p-3));
  return vf64_fma(p, t, t);
}

/// erfc t for t from `vf64_erf_split` to 6. From there on it falls to zero, which it reaches before 12.
CK_INLINE vf64 vf64_erfc_of_large(vf64 t) {
  // e^-(t + t q(t)), minimax up to 6, absolute error below 2^-61.
  vf64 q = vf64_set1(0x1.ca21df070b835p-43);
  q = vf64_fma(q, t, vf64_set1(-0x1.61bb81d2a43a6p-37));
  q = vf64_fma(q, t, vf64_set1(0x1.016762a7f7469p-32));
  q = vf64_fma(q, t, vf64_set1(-0x1.d55d9401f0d1ap-29));
  q = vf64_fma(q, t, vf64_set1(0x1.2c6df8124c807p-25));
  q = vf64_fma(q, t, vf64_set1(-0x1.1e6dbc9699878p-22));
  q = vf64_fma(q, t, vf64_set1(0x1.a42ff6cf3f13cp-20));
  q = vf64_fma(q, t, vf64_set1(-0x1.e121b6af7eb75p-18));
  q = vf64_fma(q, t, vf64_set1(0x1.ac17e58b9ad31p-16));
  q = vf64_fma(q, t, vf64_set1(-0x1.1cfd36ba92926p-14));
  q = vf64_fma(q, t, vf64_set1(0x1.ec6f4690652f9p-14));
  q = vf64_fma(q, t, vf64_set1(-0x1.15c29f34b0105p-15));
  q = vf64_fma(q, t, vf64_set1(-0x1.19c0f7a08b03ep-11));
  q = vf64_fma(q, t, vf64_set1(0x1.b2dff3eed3f40p-10));
  q = vf64_fma(q, t, vf64_set1(-0x1.8bea7eeb5f2dcp-13));
  q = vf64_fma(q, t, vf64_set1(-0x1.3989774826c31p-6));
  q = vf64_fma(q, t, vf64_set1(0x1.a4f763752f405p-4));
  q = vf64_fma(q, t, vf64_set1(0x1.45f2f87fbc116p-1));
  q = vf64_fma(q, t, vf64_set1(0x1.06ebacfa2caa8p-3));
  return vf64_exp_of_lesser(vf64_neg(vf64_fma(q, t, t)));
}

/// erf x. NaN gives NaN, the sign of zero is kept. Error below 1.3 ULP.
CK_INLINE vf64 vf64_erf(vf64 x) {
  // From 6 on the result is 1. NaN passes through.
  vf64 t = vf64_min(vf64_set1(6.0), vf64_abs(x));
  vf64 large = vf64_sub(vf64_set1(1.0), vf64_erfc_of_large(t));
  vm64 is_small = vf64_lt(t, vf64_set1(vf64_erf_split));
  return vf64_copysign(vf64_select(is_small, vf64_erf_of_small(t), large), x);
}

/// Phi(x) = (1 + erf(x / sqrt 2)) / 2. NaN gives NaN. Absolute error below 2^-52.5.
CK_INLINE vf64 vf64_normal_cumulative(vf64 x) {
  vf64 one = vf64_set1(1.0), half = vf64_set1(0.5);
  // From 12 on one side is zero. NaN passes through.
  vf64 t = vf64_min(vf64_set1(12.0), vf64_mul(vf64_abs(x), vf64_set1(0x1.6a09e667f3bcdp-1)));
  vf64 small = vf64_fma(half, vf64_copysign(vf64_erf_of_small(t), x), half);
  vf64 tail = vf64_mul(half, vf64_erfc_of_large(t));
  vf64 large = vf64_select(vf64_lt(x, vf64_zero()), tail, vf64_sub(one, tail));
  return vf64_select(vf64_lt(t, vf64_set1(vf64_erf_split)), small, large);
}

#endif
