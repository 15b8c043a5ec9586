// Activations of a vector and the derivatives of those whose derivative is one kernel. Included for each width by
// math/math.h.

/// max(x, 0). NaN stays NaN, which is why zero comes first.
#define vf_relu CK_VF(relu)
CK_INLINE vf vf_relu(vf x) { return vf_max(vf_zero(), x); }

/// The gradient where x > 0, else 0; a NaN x gives 0, a NaN gradient passes where x > 0.
#define vf_relu_backward CK_VF(relu_backward)
CK_INLINE vf vf_relu_backward(vf gradient, vf x) {
  return vf_select(vf_gt(x, vf_zero()), gradient, vf_zero());
}

/// x * Phi(x), the form with erf. NaN gives NaN, and so does -infinity, which meets a zero. Absolute error below
/// 2^-23 * max(|x|, 2^-126), in float64 2^-52 * max(|x|, 2^-1022): relative to x, not to the result, where that is
/// tiny.
#define vf_gelu CK_VF(gelu)
CK_INLINE vf vf_gelu(vf x) { return vf_mul(x, vf_normal_cumulative(x)); }

/// gradient * (Phi(x) + x phi(x)). NaN in either gives NaN, and so does an infinite x.
/// Absolute error of the factor below 2^-22, in float64 2^-51.
#define vf_gelu_backward CK_VF(gelu_backward)
CK_INLINE vf vf_gelu_backward(vf gradient, vf x) {
  vf bell = vf_exp(vf_mul(vf_mul(x, x), vf_set1((real)-0.5)));
  vf density = vf_mul(bell, vf_set1((real)0x1.9884533d43651p-2));
  return vf_mul(gradient, vf_fma(x, density, vf_normal_cumulative(x)));
}

/// gradient * (1 - y^2). NaN in either gives NaN.
#define vf_tanh_backward CK_VF(tanh_backward)
CK_INLINE vf vf_tanh_backward(vf gradient, vf y) {
  return vf_mul(gradient, vf_fnma(y, y, vf_set1(1)));
}

/// gradient * y * (1 - y). NaN in either gives NaN.
#define vf_sigmoid_backward CK_VF(sigmoid_backward)
CK_INLINE vf vf_sigmoid_backward(vf gradient, vf y) {
  return vf_mul(gradient, vf_mul(y, vf_sub(vf_set1(1), y)));
}
