// Arithmetic: operands out, x or out, a, b. No attributes.
#ifndef CK_POINTWISE_ARITHMETIC_H
#define CK_POINTWISE_ARITHMETIC_H

// Floats. Every result is rounded once, as IEEE 754 has it. NaN gives NaN.

CK_INLINE vf32 vf32_square(vf32 x) { return vf32_mul(x, x); }
CK_INLINE vf32 vf32_reciprocal(vf32 x) { return vf32_div(vf32_set1(1.0f), x); }

/// -1, 0 or 1; zeros of either sign and NaN give 0, as in PyTorch.
CK_INLINE vf32 vf32_sign(vf32 x) {
  vf32 one = vf32_copysign(vf32_set1(1.0f), x);
  vm32 signed_number = vm32_or(vf32_lt(x, vf32_zero()), vf32_gt(x, vf32_zero()));
  return vf32_select(signed_number, one, vf32_zero());
}

CK_UNARY_F32(neg, vf32_neg)
CK_UNARY_F32(abs, vf32_abs)
CK_UNARY_F32(sign, vf32_sign)
CK_UNARY_F32(square, vf32_square)
CK_UNARY_F32(sqrt, vf32_sqrt)
CK_UNARY_F32(reciprocal, vf32_reciprocal)

CK_BINARY_F32(add, vf32_add)
CK_BINARY_F32(sub, vf32_sub)
CK_BINARY_F32(mul, vf32_mul)
CK_BINARY_F32(div, vf32_div)
// NaN in either operand gives NaN.
CK_BINARY_F32(maximum, vf32_max_nan)
CK_BINARY_F32(minimum, vf32_min_nan)

// 64-bit integers. Overflow wraps, for which the arithmetic is done on unsigned numbers.

CK_SCALAR_UNARY(neg, i64, int64_t, int64_t, 0 - (uint64_t)x)
CK_SCALAR_UNARY(abs, i64, int64_t, int64_t, x < 0 ? 0 - (uint64_t)x : (uint64_t)x)
CK_SCALAR_UNARY(sign, i64, int64_t, int64_t, (x > 0) - (x < 0))
CK_SCALAR_UNARY(square, i64, int64_t, int64_t, (uint64_t)x * (uint64_t)x)

CK_SCALAR_BINARY(add, i64, int64_t, int64_t, (uint64_t)a + (uint64_t)b)
CK_SCALAR_BINARY(sub, i64, int64_t, int64_t, (uint64_t)a - (uint64_t)b)
CK_SCALAR_BINARY(mul, i64, int64_t, int64_t, (uint64_t)a * (uint64_t)b)
CK_SCALAR_BINARY(maximum, i64, int64_t, int64_t, a > b ? a : b)
CK_SCALAR_BINARY(minimum, i64, int64_t, int64_t, a < b ? a : b)

#endif
