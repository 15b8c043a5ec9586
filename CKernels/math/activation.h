// Activations of a vector and the derivatives of those whose derivative is one kernel. Included for each width by
// math/math.h.

/// max(x, 0). NaN stays NaN, which is why zero comes first.
#define vf_relu CK_VF(relu)
CK_INLINE vf vf_relu(vf x) { return vf_max(vf_zero(), x); }

/// The gradient, but 0 where x <= 0: behind a NaN x too it passes, and is not lost silently.
#define vf_relu_backward CK_VF(relu_backward)
CK_INLINE vf vf_relu_backward(vf gradient, vf x) {
  return vf_select(vf_le(x, vf_zero()), vf_zero(), gradient);
}

/// x * Phi(x), the form with erf. NaN gives NaN, and so does -infinity, which meets a zero. Absolute error below
/// 2^-23 * max(|x|, 2^-126), in float64 2^-52 * max(|x|, 2^-1022): relative to x, not to the result, where that is
/// tiny.
#define vf_gelu CK_VF(gelu)
CK_INLINE vf vf_gelu(vf x) { return vf_mul(x, vf_normal_cumulative(x)); }

/// gradient * (Phi(x) + x phi(x)). NaN in either gives NaN, and so does an infinite x.
/// Error of the factor below 2^-21 * (Phi(x) + |x| phi(x)) + 2^-126, in float64 2^-50 and 2^-1022: relative also where it
/// is tiny, but not where its two terms cancel. Without fused multiply-adds 2^-25 * x^2, in float64 2^-54, joins the
/// first number.
#define vf_gelu_backward CK_VF(gelu_backward)
CK_INLINE vf vf_gelu_backward(vf gradient, vf x) {
  // With Mills' ratio R, at -t: phi(t) (R(t) - t), where nothing is as tiny as to be lost; and at t, 1 less that.
  vf t = vf_abs(x);
  // Beyond 40 the density is zero. NaN passes through. The square has a second part, which the exponential would miss.
  vf bounded = vf_min(vf_set1(40), t);
  vf square = vf_mul(bounded, bounded);
  vf rest = vf_fma(bounded, bounded, vf_neg(square));
  vf bell = vf_exp_of_lesser(vf_mul(square, vf_set1((real)-0.5)));
  bell = vf_fnma(vf_mul(bell, vf_set1((real)0.5)), rest, bell);
  vf density = vf_mul(bell, vf_set1((real)0x1.9884533d43651p-2));
  vf left = vf_mul(density, vf_sub(vf_mills(t), t));
  vf right = vf_sub(vf_set1(1), left);
  return vf_mul(gradient, vf_select(vf_gt(x, vf_zero()), right, left));
}

/// gradient * (1 - y^2). NaN in either gives NaN. Error below 2^-23 * |gradient| * max(y^2, |1 - y^2|) and half the
/// smallest denormal, in float64 2^-52.
#define vf_tanh_backward CK_VF(tanh_backward)
CK_INLINE vf vf_tanh_backward(vf gradient, vf y) {
  return vf_mul(gradient, vf_fnma(y, y, vf_set1(1)));
}

/// gradient * y * (1 - y). NaN in either gives NaN. Error below 2^-22 times the result and two of the smallest denormals
/// times max(1, |gradient|), in float64 2^-51.
#define vf_sigmoid_backward CK_VF(sigmoid_backward)
CK_INLINE vf vf_sigmoid_backward(vf gradient, vf y) {
  return vf_mul(gradient, vf_mul(y, vf_sub(vf_set1(1), y)));
}
