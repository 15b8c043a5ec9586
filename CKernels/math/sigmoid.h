// The logistic function of a vector. Included for each width by math/math.h.

/// 1 / (1 + e^-x). NaN gives NaN. Error below 2.5 ULP, denormal results included.
#define vf_sigmoid CK_VF(sigmoid)
CK_INLINE vf vf_sigmoid(vf x) {
  // With the exponential of a negative number on both sides of zero nothing overflows and nothing cancels.
  vf one = vf_set1(1);
  // The quotient can be half of it, in units of its own last place: errors of the exponential count twice.
  vf e = vf_exp_of_lesser(vf_neg(vf_abs(x)));
  return vf_div(vf_select(vf_lt(x, vf_zero()), e, one), vf_add(one, e));
}
