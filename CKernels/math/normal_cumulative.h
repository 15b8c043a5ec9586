// The cumulative function of the normal distribution.
#ifndef CK_MATH_NORMAL_CUMULATIVE_H
#define CK_MATH_NORMAL_CUMULATIVE_H

#ifdef CK_LOOKS_UP
#include "normal_cumulative_table.h"

/// Phi(-t) for t from 0 up; NaN gives NaN.
CK_INLINE vf32 vf32_normal_tail(vf32 t) {
  // The piece's number is what rounding to whole numbers leaves in the lowest bits; the last one stands for all beyond.
  vf32 whole = vf32_set1(0x1.8p+23f);
  t = vf32_min(vf32_set1(31 * 0.1875f), t);
  vf32 piece = vf32_fma(t, vf32_set1(1 / 0.1875f), whole);
  vf32 d = vf32_fnma(vf32_sub(piece, whole), vf32_set1(0.1875f), t);
  vi32 index = vf32_as_vi32(piece);
  vf32 p = vf32_look_up(normal_cumulative_table[4], index);
  p = vf32_fma(p, d, vf32_look_up(normal_cumulative_table[3], index));
  p = vf32_fma(p, d, vf32_look_up(normal_cumulative_table[2], index));
  p = vf32_fma(p, d, vf32_look_up(normal_cumulative_table[1], index));
  return vf32_fma(p, d, vf32_look_up(normal_cumulative_table[0], index));
}
#else
/// Phi(-t) for t from 0 up; NaN gives NaN.
CK_INLINE vf32 vf32_normal_tail(vf32 t) {
  // log2 Phi(-t) = t q(t) - 1, where q makes the error of Phi minimax, below 2^-26.9, up to 5.7 and falls steeply from
  // there on. No small argument needs a polynomial of its own, as it would for a small relative error.
  vf32 q = vf32_set1(-0x1.7c7eb6p-19f);
  q = vf32_fma(q, t, vf32_set1(0x1.4a52ccp-15f));
  q = vf32_fma(q, t, vf32_set1(-0x1.86728ap-13f));
  q = vf32_fma(q, t, vf32_set1(-0x1.1f2dbcp-13f));
  q = vf32_fma(q, t, vf32_set1(0x1.cee88cp-8f));
  q = vf32_fma(q, t, vf32_set1(-0x1.ae0c78p-5f));
  q = vf32_fma(q, t, vf32_set1(-0x1.d63aacp-2f));
  q = vf32_fma(q, t, vf32_set1(-0x1.26aed4p+0f));
  // Below -150 the power is zero; a NaN passes through as the second operand.
  vf32 power = vf32_max(vf32_set1(-160.0f), vf32_fma(q, t, vf32_set1(-1.0f)));
  vf32 n = vf32_round(power), f = vf32_sub(power, n);
  // 2^f, minimax for |f| <= 1/2, relative error below 2^-28.
  vf32 p = vf32_set1(0x1.41fbbcp-13f);
  p = vf32_fma(p, f, vf32_set1(0x1.5f3e56p-10f));
  p = vf32_fma(p, f, vf32_set1(0x1.3b2d4cp-7f));
  p = vf32_fma(p, f, vf32_set1(0x1.c6aee8p-5f));
  p = vf32_fma(p, f, vf32_set1(0x1.ebfbdcp-3f));
  p = vf32_fma(p, f, vf32_set1(0x1.62e430p-1f));
  p = vf32_fma(p, f, vf32_set1(1.0f));
  return vf32_scale_by_power(p, n);
}
#endif

/// Phi(x) = (1 + erf(x / sqrt 2)) / 2. NaN gives NaN. Absolute error below 2^-23.5.
CK_INLINE vf32 vf32_normal_cumulative(vf32 x) {
  vf32 tail = vf32_normal_tail(vf32_abs(x));
  return vf32_select(vf32_lt(x, vf32_zero()), tail, vf32_sub(vf32_set1(1.0f), tail));
}

#endif
