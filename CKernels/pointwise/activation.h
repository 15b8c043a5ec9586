// Activations and the derivatives of those whose derivative is one kernel: operands out, x forward and
// out, incoming gradient, x or y backward, where y is what forward gave. No attributes.
#ifndef CK_POINTWISE_ACTIVATION_H
#define CK_POINTWISE_ACTIVATION_H

#include "../math/exp.h"
#include "../math/normal_cumulative.h"

/// max(x, 0). NaN stays NaN, which is why zero comes first.
CK_INLINE vf32 vf32_relu(vf32 x) { return vf32_max(vf32_zero(), x); }

/// The gradient where x > 0, else 0; a NaN x gives 0, a NaN gradient passes where x > 0.
CK_INLINE vf32 vf32_relu_backward(vf32 gradient, vf32 x) {
  return vf32_select(vf32_gt(x, vf32_zero()), gradient, vf32_zero());
}

/// x * Phi(x), the form with erf. NaN gives NaN, and so does -infinity, which meets a zero.
/// Absolute error below 2^-23 * max(|x|, 2^-126): relative to x, not to the result, where that is tiny.
CK_INLINE vf32 vf32_gelu(vf32 x) { return vf32_mul(x, vf32_normal_cumulative(x)); }

/// gradient * (Phi(x) + x phi(x)). NaN in either gives NaN, and so does an infinite x.
/// Absolute error of the factor below 2^-22.
CK_INLINE vf32 vf32_gelu_backward(vf32 gradient, vf32 x) {
  vf32 bell = vf32_exp(vf32_mul(vf32_mul(x, x), vf32_set1(-0.5f)));
  vf32 density = vf32_mul(bell, vf32_set1(0x1.988454p-2f));
  return vf32_mul(gradient, vf32_fma(x, density, vf32_normal_cumulative(x)));
}

/// gradient * (1 - y^2). NaN in either gives NaN.
CK_INLINE vf32 vf32_tanh_backward(vf32 gradient, vf32 y) {
  return vf32_mul(gradient, vf32_fnma(y, y, vf32_set1(1.0f)));
}

/// gradient * y * (1 - y). NaN in either gives NaN.
CK_INLINE vf32 vf32_sigmoid_backward(vf32 gradient, vf32 y) {
  return vf32_mul(gradient, vf32_mul(y, vf32_sub(vf32_set1(1.0f), y)));
}

CK_UNARY_F32(relu, vf32_relu)
CK_UNARY_F32(gelu, vf32_gelu)
CK_BINARY_F32(relu_backward, vf32_relu_backward)
CK_BINARY_F32(gelu_backward, vf32_gelu_backward)
CK_BINARY_F32(tanh_backward, vf32_tanh_backward)
CK_BINARY_F32(sigmoid_backward, vf32_sigmoid_backward)

#endif
