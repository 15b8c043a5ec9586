// The kernels on floats. Included for each floating-point type by pointwise/pointwise.h.
#include "vector_loops.h"
#include "multiply_add.h"

// Arithmetic. Every result is rounded once, as IEEE 754 has it. NaN gives NaN.
CK_CHEAP_UNARY(neg, vf_neg)
CK_CHEAP_UNARY(abs, vf_abs)
CK_CHEAP_UNARY(sign, vf_sign)
CK_CHEAP_UNARY(square, vf_square)
CK_UNARY(sqrt, vf_sqrt)
CK_UNARY(reciprocal, vf_reciprocal)
CK_ARITHMETIC(add, vf_add)
CK_ARITHMETIC(sub, vf_sub)
CK_ARITHMETIC(mul, vf_mul)
CK_ARITHMETIC(div, vf_div)
// NaN in either operand gives NaN.
CK_ARITHMETIC(maximum, vf_max_nan)
CK_ARITHMETIC(minimum, vf_min_nan)

// Transcendental functions and activations: what they give for NaN, and the error bounds, are with the functions, in
// math/. 16-bit floats have the bounds of float32 before the result is rounded to them.
CK_UNARY(exp, vf_exp)
CK_UNARY(log, vf_log)
CK_UNARY(tanh, vf_tanh)
CK_UNARY(sigmoid, vf_sigmoid)
CK_UNARY(erf, vf_erf)
CK_CHEAP_UNARY(relu, vf_relu)
CK_UNARY(gelu, vf_gelu)

// Derivatives: operands out, incoming gradient, x or y, where y is what forward gave.
CK_ARITHMETIC(relu_backward, vf_relu_backward)
CK_BINARY(gelu_backward, vf_gelu_backward)
CK_ARITHMETIC(tanh_backward, vf_tanh_backward)
CK_ARITHMETIC(sigmoid_backward, vf_sigmoid_backward)

// Comparisons, with a bool output. With a NaN on either side `ne` is true and the others are false.
CK_COMPARE(eq, vf_eq)
CK_COMPARE(ne, vf_ne)
CK_COMPARE(lt, vf_lt)
CK_COMPARE(le, vf_le)
CK_COMPARE(gt, vf_gt)
CK_COMPARE(ge, vf_ge)
