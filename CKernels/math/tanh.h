// The hyperbolic tangent of a vector.
#ifndef CK_MATH_TANH_H
#define CK_MATH_TANH_H

#include "exp.h"

#ifdef CK_LOOKS_UP
#include "pieces.h"
#include "tanh_table.h"

/// tanh x. NaN gives NaN, the sign of zero is kept. Error below 1.5 ULP.
CK_INLINE vf32 vf32_tanh(vf32 x) {
  // From here on the result is 1. NaN passes through.
  vf32 t = vf32_min(vf32_set1(9.2f), vf32_abs(x));
  // Shifted down, the lowest bits are the piece's number: the exponent's last and two of the fraction. All below 0.125
  // have the number of 0.12.
  vf32 bounded = vf32_max(vf32_set1(0.12f), t);
  vi32 piece = vi32_shift_right_logical(vf32_as_vi32(bounded), 21);
  vf32 rows[7];
#pragma clang loop unroll(full)
  for (int i = 0; i < 7; i++) rows[i] = vf32_look_up(tanh_table[i], piece);
  return vf32_copysign(vf32_of_piece(t, vf32_lt(t, vf32_set1(0.125f)), rows), x);
}
#else
/// tanh x. NaN gives NaN, the sign of zero is kept. Error below 1.5 ULP.
CK_INLINE vf32 vf32_tanh(vf32 x) {
  vf32 one = vf32_set1(1.0f);
  // From 10 on the result is 1; the bound keeps the power of two below in range. NaN passes through.
  vf32 t = vf32_min(vf32_set1(10.0f), vf32_abs(x));
  // Large: 1 - 2 / (e^2t + 1).
  vf32 n;
  vf32 e = vf32_exp_split(vf32_add(t, t), &n);
  e = vf32_scale_by_power(e, n);
  vf32 large = vf32_sub(one, vf32_div(vf32_set1(2.0f), vf32_add(e, one)));
  // Small, where that would cancel: t + t^3 p(t^2), minimax below 0.625, relative error below 2^-27.
  vf32 u = vf32_mul(t, t);
  vf32 p = vf32_set1(-0x1.76ac12p-8f);
  p = vf32_fma(p, u, vf32_set1(0x1.5256d6p-6f));
  p = vf32_fma(p, u, vf32_set1(-0x1.b84448p-5f));
  p = vf32_fma(p, u, vf32_set1(0x1.110768p-3f));
  p = vf32_fma(p, u, vf32_set1(-0x1.555534p-2f));
  vf32 small = vf32_fma(vf32_mul(p, u), t, t);
  return vf32_copysign(vf32_select(vf32_lt(t, vf32_set1(0.625f)), small, large), x);
}
#endif

#endif
