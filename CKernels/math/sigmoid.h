// The logistic function of a vector. Included for each width by math/math.h.

/// 1 / (1 + e^-x). NaN gives NaN. Error below 2.5 ULP, denormal results included.
#define vf_sigmoid CK_VF(sigmoid)
CK_INLINE vf vf_sigmoid(vf x) {
  // e / (1 + e) with e = e^x. From 40 on the result is 1; with that bound e is finite. NaN passes through. The quotient
  // can be half of e, in units of its own last place: errors of the exponential count twice.
  vf e = vf_exp_of_lesser(vf_min(vf_set1(40), x));
  return vf_div(e, vf_add(vf_set1(1), e));
}
