// Sine and cosine of an angle counted in turns.
#ifndef CK_MATH_TURNS_H
#define CK_MATH_TURNS_H

/// sin(2 pi u) and cos(2 pi u) for u of magnitude below 2^20. Absolute error below 2^-22.
CK_INLINE void vf32_sincos_turns(vf32 u, vf32 *sine, vf32 *cosine) {
  // To the nearest quarter turn, without rounding: r is within 1/8 of zero.
  vf32 quarters = vf32_round(vf32_mul(u, vf32_set1(4.0f)));
  vf32 r = vf32_fnma(quarters, vf32_set1(0.25f), u);
  vf32 square = vf32_mul(r, r);
  // sin(2 pi r) = r s(r^2) and cos(2 pi r) = 1 + r^2 c(r^2), both minimax.
  vf32 s = vf32_set1(0x1.4bc89ap+5f);
  s = vf32_fma(s, square, vf32_set1(-0x1.32ca9ep+6f));
  s = vf32_fma(s, square, vf32_set1(0x1.466bbap+6f));
  s = vf32_fma(s, square, vf32_set1(-0x1.4abbcep+5f));
  s = vf32_mul(vf32_fma(s, square, vf32_set1(0x1.921fb6p+2f)), r);
  vf32 c = vf32_set1(0x1.d9f7bcp+5f);
  c = vf32_fma(c, square, vf32_set1(-0x1.55c664p+6f));
  c = vf32_fma(c, square, vf32_set1(0x1.03c1dep+6f));
  c = vf32_fma(c, square, vf32_set1(-0x1.3bd3ccp+4f));
  c = vf32_fma(c, square, vf32_set1(1.0f));
  // An odd number of quarter turns swaps the two; bit 1 of the number, or of the next one, is the sign.
  vi32 q = vf32_to_vi32(quarters);
  vm32 swap = vi32_eq(vi32_and(q, vi32_set1(1)), vi32_set1(1));
  vi32 sine_sign = vi32_shift_left(vi32_and(q, vi32_set1(2)), 30);
  vi32 cosine_sign = vi32_shift_left(vi32_and(vi32_add(q, vi32_set1(1)), vi32_set1(2)), 30);
  *sine = vi32_as_vf32(vi32_xor(vf32_as_vi32(vf32_select(swap, c, s)), sine_sign));
  *cosine = vi32_as_vf32(vi32_xor(vf32_as_vi32(vf32_select(swap, s, c)), cosine_sign));
}

#endif
