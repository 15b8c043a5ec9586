// Comparisons and logic: operands out (bool), a, b; logical_not: out, x. No attributes.
// With a NaN on either side `ne` is true and the others are false.
#ifndef CK_POINTWISE_COMPARISON_H
#define CK_POINTWISE_COMPARISON_H

CK_COMPARE_F32(eq, vf32_eq)
CK_COMPARE_F32(ne, vf32_ne)
CK_COMPARE_F32(lt, vf32_lt)
CK_COMPARE_F32(le, vf32_le)
CK_COMPARE_F32(gt, vf32_gt)
CK_COMPARE_F32(ge, vf32_ge)

CK_SCALAR_BINARY(eq, i64, uint8_t, int64_t, a == b)
CK_SCALAR_BINARY(ne, i64, uint8_t, int64_t, a != b)
CK_SCALAR_BINARY(lt, i64, uint8_t, int64_t, a < b)
CK_SCALAR_BINARY(le, i64, uint8_t, int64_t, a <= b)
CK_SCALAR_BINARY(gt, i64, uint8_t, int64_t, a > b)
CK_SCALAR_BINARY(ge, i64, uint8_t, int64_t, a >= b)

CK_SCALAR_BINARY(logical_and, bool, uint8_t, uint8_t, (a != 0) & (b != 0))
CK_SCALAR_BINARY(logical_or, bool, uint8_t, uint8_t, (a | b) != 0)
CK_SCALAR_BINARY(logical_xor, bool, uint8_t, uint8_t, (a != 0) != (b != 0))
CK_SCALAR_UNARY(logical_not, bool, uint8_t, uint8_t, x == 0)

#endif
