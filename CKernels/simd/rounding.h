// Rounding vectors of float32 to bfloat16.
#ifndef CK_SIMD_ROUNDING_H
#define CK_SIMD_ROUNDING_H

/// The bits of each lane's bfloat16, in the lane's lower half; zero in its upper. As `ck_f32_to_bf16`.
CK_INLINE vi32 vf32_round_to_bf16(vf32 v) {
  vi32 bits = vf32_as_vi32(v);
  vi32 odd = vi32_and(vi32_shift_right_logical(bits, 16), vi32_set1(1));
  vi32 rounded = vi32_add(bits, vi32_add(odd, vi32_set1(0x7fff)));
  vi32 quiet = vi32_or(bits, vi32_set1(0x400000));
  return vi32_shift_right_logical(vi32_select(vf32_is_nan(v), quiet, rounded), 16);
}

#endif
