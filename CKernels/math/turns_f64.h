// Sine and cosine of an angle counted in turns, in float64.
#ifndef CK_MATH_TURNS_F64_H
#define CK_MATH_TURNS_F64_H

/// sin(2 pi u) and cos(2 pi u) for u of magnitude below 2^40. Absolute error below 2^-51.
CK_INLINE void vf64_sincos_turns(vf64 u, vf64 *sine, vf64 *cosine) {
  // To the nearest quarter turn, without rounding: r is within 1/8 of zero.
  vf64 quarters = vf64_round(vf64_mul(u, vf64_set1(4.0)));
  vf64 r = vf64_fnma(quarters, vf64_set1(0.25), u);
  vf64 square = vf64_mul(r, r);
  // sin(2 pi r) = r s(r^2) and cos(2 pi r) = 1 + r^2 c(r^2), both minimax.
  vf64 s = vf64_set1(-0x1.6c5b93983c0b1p-1);
  s = vf64_fma(s, square, vf64_set1(0x1.e8eed159ae936p+1));
  s = vf64_fma(s, square, vf64_set1(-0x1.e3074b502de1fp+3));
  s = vf64_fma(s, square, vf64_set1(0x1.50783485cc006p+5));
  s = vf64_fma(s, square, vf64_set1(-0x1.32d2cce62ac24p+6));
  s = vf64_fma(s, square, vf64_set1(0x1.466bc6775aad9p+6));
  s = vf64_fma(s, square, vf64_set1(-0x1.4abbce625be53p+5));
  s = vf64_fma(s, square, vf64_set1(0x1.921fb54442d18p+2));
  s = vf64_mul(s, r);
  vf64 c = vf64_set1(0x1.1e2fa4acaccdfp-2);
  c = vf64_fma(c, square, vf64_set1(-0x1.b6dd8322c5308p+0));
  c = vf64_fma(c, square, vf64_set1(0x1.f9d3856eadf32p+2));
  c = vf64_fma(c, square, vf64_set1(-0x1.a6d1f29f401d5p+4));
  c = vf64_fma(c, square, vf64_set1(0x1.e1f5068919cdfp+5));
  c = vf64_fma(c, square, vf64_set1(-0x1.55d3c7e3cbfefp+6));
  c = vf64_fma(c, square, vf64_set1(0x1.03c1f081b5ac4p+6));
  c = vf64_fma(c, square, vf64_set1(-0x1.3bd3cc9be45dep+4));
  c = vf64_fma(c, square, vf64_set1(1.0));
  // An odd number of quarter turns swaps the two; bit 1 of the number, or of the next one, is the sign.
  vi64 q = vf64_to_vi64(quarters);
  vm64 swap = vi64_eq(vi64_and(q, vi64_set1(1)), vi64_set1(1));
  vi64 sine_sign = vi64_shift_left(vi64_and(q, vi64_set1(2)), 62);
  vi64 cosine_sign = vi64_shift_left(vi64_and(vi64_add(q, vi64_set1(1)), vi64_set1(2)), 62);
  *sine = vi64_as_vf64(vi64_xor(vf64_as_vi64(vf64_select(swap, c, s)), sine_sign));
  *cosine = vi64_as_vf64(vi64_xor(vf64_as_vi64(vf64_select(swap, s, c)), cosine_sign));
}

#endif
