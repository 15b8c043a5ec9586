// The error function of a vector.
#ifndef CK_MATH_ERF_H
#define CK_MATH_ERF_H

#include "exp.h"

#ifdef CK_LOOKS_UP
#include "erf_table.h"
#include "pieces.h"

/// erf x. NaN gives NaN, the sign of zero is kept. Error below 1.3 ULP.
CK_INLINE vf32 vf32_erf(vf32 x) {
  // From here on the result is 1. NaN passes through.
  vf32 t = vf32_min(vf32_set1(3.95f), vf32_abs(x));
  // The piece's number is what rounding to whole numbers leaves in the lowest bits.
  vf32 rounded = vf32_fma(t, vf32_set1(1 / 0.256f), vf32_set1(0x1.8p+23f));
  vi32 piece = vf32_as_vi32(rounded);
  vf32 rows[7];
#pragma clang loop unroll(full)
  for (int i = 0; i < 7; i++) rows[i] = vf32_look_up_16(erf_table[i], piece);
  return vf32_copysign(vf32_of_piece(t, vf32_le(rounded, vf32_set1(0x1.8p+23f)), rows), x);
}
#else
/// erf x. NaN gives NaN, the sign of zero is kept. Error below 1.3 ULP.
CK_INLINE vf32 vf32_erf(vf32 x) {
  // From 4 on the result is 1. NaN passes through.
  vf32 t = vf32_min(vf32_set1(4.0f), vf32_abs(x));
  // Small: t + t p(t^2), minimax below 0.92, absolute error of p below 2^-31.
  vf32 u = vf32_mul(t, t);
  vf32 p = vf32_set1(0x1.5e0636p-14f);
  p = vf32_fma(p, u, vf32_set1(-0x1.aaa2dap-11f));
  p = vf32_fma(p, u, vf32_set1(0x1.54d42ap-8f));
  p = vf32_fma(p, u, vf32_set1(-0x1.b80ff2p-6f));
  p = vf32_fma(p, u, vf32_set1(0x1.ce2e1cp-4f));
  p = vf32_fma(p, u, vf32_set1(-0x1.812744p-2f));
  p = vf32_fma(p, u, vf32_set1(0x1.06eba8p-3f));
  vf32 small = vf32_fma(p, t, t);
  // Large: 1 - erfc t with erfc t = e^-(t + t q(t)), minimax from 0.92 to 4, absolute error below 2^-28.
  vf32 q = vf32_set1(-0x1.bfcec6p-13f);
  q = vf32_fma(q, t, vf32_set1(0x1.a4e988p-9f));
  q = vf32_fma(q, t, vf32_set1(-0x1.76d7b0p-6f));
  q = vf32_fma(q, t, vf32_set1(0x1.af14f8p-4f));
  q = vf32_fma(q, t, vf32_set1(0x1.457e88p-1f));
  q = vf32_fma(q, t, vf32_set1(0x1.0730a4p-3f));
  vf32 n;
  vf32 e = vf32_exp_split(vf32_neg(vf32_fma(q, t, t)), &n);
  e = vf32_scale_by_power(e, n);
  vf32 large = vf32_sub(vf32_set1(1.0f), e);
  return vf32_copysign(vf32_select(vf32_lt(t, vf32_set1(0.92f)), small, large), x);
}
#endif

#endif
