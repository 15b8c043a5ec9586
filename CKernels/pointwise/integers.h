// Arithmetic and comparisons of 64-bit integers, and logic: operands out, x or out, a, b. No attributes.
#ifndef CK_POINTWISE_INTEGERS_H
#define CK_POINTWISE_INTEGERS_H

// Overflow wraps, for which the arithmetic is done on unsigned numbers.

CK_SCALAR_UNARY(neg, i64, int64_t, int64_t, 0 - (uint64_t)x)
CK_SCALAR_UNARY(abs, i64, int64_t, int64_t, x < 0 ? 0 - (uint64_t)x : (uint64_t)x)
CK_SCALAR_UNARY(sign, i64, int64_t, int64_t, (x > 0) - (x < 0))
CK_SCALAR_UNARY(square, i64, int64_t, int64_t, (uint64_t)x * (uint64_t)x)

CK_SCALAR_BINARY(add, i64, int64_t, int64_t, (uint64_t)a + (uint64_t)b)
CK_SCALAR_BINARY(sub, i64, int64_t, int64_t, (uint64_t)a - (uint64_t)b)
CK_SCALAR_BINARY(mul, i64, int64_t, int64_t, (uint64_t)a * (uint64_t)b)
CK_SCALAR_BINARY(maximum, i64, int64_t, int64_t, a > b ? a : b)
CK_SCALAR_BINARY(minimum, i64, int64_t, int64_t, a < b ? a : b)

// Comparisons, with a bool output.

CK_SCALAR_BINARY(eq, i64, uint8_t, int64_t, a == b)
CK_SCALAR_BINARY(ne, i64, uint8_t, int64_t, a != b)
CK_SCALAR_BINARY(lt, i64, uint8_t, int64_t, a < b)
CK_SCALAR_BINARY(le, i64, uint8_t, int64_t, a <= b)
CK_SCALAR_BINARY(gt, i64, uint8_t, int64_t, a > b)
CK_SCALAR_BINARY(ge, i64, uint8_t, int64_t, a >= b)

// Logic, of bools.

CK_SCALAR_BINARY(logical_and, bool, uint8_t, uint8_t, (a != 0) & (b != 0))
CK_SCALAR_BINARY(logical_or, bool, uint8_t, uint8_t, (a | b) != 0)
CK_SCALAR_BINARY(logical_xor, bool, uint8_t, uint8_t, (a != 0) != (b != 0))
CK_SCALAR_UNARY(logical_not, bool, uint8_t, uint8_t, x == 0)

#endif
