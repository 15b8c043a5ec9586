// The hyperbolic tangent of a vector of float64.
#ifndef CK_MATH_TANH_F64_H
#define CK_MATH_TANH_F64_H

#include "exp_f64.h"

/// tanh x. NaN gives NaN, the sign of zero is kept. Error below 1.6 ULP.
CK_INLINE vf64 vf64_tanh(vf64 x) {
  vf64 one = vf64_set1(1.0);
  // From 20 on the result is 1; the bound keeps the power of two below in range. NaN passes through.
  vf64 t = vf64_min(vf64_set1(20.0), vf64_abs(x));
  // Large: 1 - 2 / (e^2t + 1).
  vf64 n;
  vf64 e = vf64_exp_split(vf64_add(t, t), &n);
  e = vf64_scale_by_power(e, n);
  vf64 large = vf64_sub(one, vf64_div(vf64_set1(2.0), vf64_add(e, one)));
  // Small, where that would cancel: t + t^3 p(t^2), minimax below 0.625, relative error below 2^-61.
  vf64 u = vf64_mul(t, t);
  vf64 p = vf64_set1(0x1.9580ebbff9107p-18);
  p = vf64_fma(p, u, vf64_set1(-0x1.fa7530bcdeeadp-16));
  p = vf64_fma(p, u, vf64_set1(0x1.80061d2760bb1p-14));
  p = vf64_fma(p, u, vf64_set1(-0x1.f10cb594994acp-13));
  p = vf64_fma(p, u, vf64_set1(0x1.350ae1bc13a59p-11));
  p = vf64_fma(p, u, vf64_set1(-0x1.7d9c1d5fde7d7p-10));
  p = vf64_fma(p, u, vf64_set1(0x1.d6d3584ec268ep-9));
  p = vf64_fma(p, u, vf64_set1(-0x1.226e32c134778p-7));
  p = vf64_fma(p, u, vf64_set1(0x1.664f48703789cp-6));
  p = vf64_fma(p, u, vf64_set1(-0x1.ba1ba1b9ce672p-5));
  p = vf64_fma(p, u, vf64_set1(0x1.1111111110c04p-3));
  p = vf64_fma(p, u, vf64_set1(-0x1.5555555555552p-2));
  vf64 small = vf64_fma(vf64_mul(p, u), t, t);
  return vf64_copysign(vf64_select(vf64_lt(t, vf64_set1(0.625)), small, large), x);
}

#endif
