// Arithmetic that is more than one operation of the vocabulary. Included for each width by math/math.h.

#define vf_square CK_VF(square)
CK_INLINE vf vf_square(vf x) { return vf_mul(x, x); }

#define vf_reciprocal CK_VF(reciprocal)
CK_INLINE vf vf_reciprocal(vf x) { return vf_div(vf_set1(1), x); }

/// -1, 0 or 1; zeros of either sign and NaN give 0, as in PyTorch.
#define vf_sign CK_VF(sign)
CK_INLINE vf vf_sign(vf x) {
  vf one = vf_copysign(vf_set1(1), x);
  vm signed_number = vm_or(vf_lt(x, vf_zero()), vf_gt(x, vf_zero()));
  return vf_select(signed_number, one, vf_zero());
}
