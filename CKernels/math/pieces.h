// Functions that are looked up, on ISAs that can: a polynomial for each piece of them.
#ifndef CK_MATH_PIECES_H
#define CK_MATH_PIECES_H

/// What a function is for t from 0 up, where `rows` has, in each lane, the column of the piece that t is in: the
/// piece's centre c, the function there, and coefficients a of its polynomial, lowest first. That is f(c) + d (a0 + a1
/// d + ...) with d = t - c. In the first piece, whose centre is zero, t takes the place of f(c): such functions are
/// near t there.
CK_INLINE vf32 vf32_of_piece(vf32 t, vm32 is_first, const vf32 rows[7]) {
  vf32 d = vf32_sub(t, rows[0]);
  vf32 p = rows[6];
  p = vf32_fma(p, d, rows[5]);
  p = vf32_fma(p, d, rows[4]);
  p = vf32_fma(p, d, rows[3]);
  p = vf32_fma(p, d, rows[2]);
  return vf32_fma(p, d, vf32_select(is_first, t, rows[1]));
}

#endif
