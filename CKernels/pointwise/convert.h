// Conversions: operands out (of the type in the name), x. No attributes.
#ifndef CK_POINTWISE_CONVERT_H
#define CK_POINTWISE_CONVERT_H

// Towards zero; what int64 cannot hold, NaN included, gives the smallest int64.
CK_SCALAR_UNARY(to_i64, f32, int64_t, float, x >= -0x1p63f && x < 0x1p63f ? (int64_t)x : INT64_MIN)
// True unless zero of either sign; NaN is true.
CK_SCALAR_UNARY(to_bool, f32, uint8_t, float, x != 0)
// Rounded to the nearest float.
CK_SCALAR_UNARY(to_f32, i64, float, int64_t, x)
CK_SCALAR_UNARY(to_bool, i64, uint8_t, int64_t, x != 0)
// 0 or 1.
CK_SCALAR_UNARY(to_f32, bool, float, uint8_t, x != 0)
CK_SCALAR_UNARY(to_i64, bool, int64_t, uint8_t, x != 0)

#endif
