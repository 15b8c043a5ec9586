// Conversions: operands out (of the type in the name), x. No attributes.
#ifndef CK_POINTWISE_CONVERT_H
#define CK_POINTWISE_CONVERT_H

// Towards zero; what int64 cannot hold, NaN included, gives the smallest int64, as x86's own conversion does. Spelled
// out, since C leaves it undefined and Arm's instruction saturates. (To int32 likewise; to narrower integers by way of
// int32, of which the lowest bits stay.)
CK_INLINE int64_t ck_f64_to_i64(double x) { return x >= -0x1p63 && x < 0x1p63 ? (int64_t)x : INT64_MIN; }
CK_INLINE int64_t ck_f32_to_i64(float x) { return x >= -0x1p63f && x < 0x1p63f ? (int64_t)x : INT64_MIN; }
CK_SCALAR_UNARY(to_i64, f32, int64_t, float, ck_f32_to_i64(x))
CK_SCALAR_UNARY(to_i64, f64, int64_t, double, ck_f64_to_i64(x))
CK_SCALAR_UNARY(to_i64, f16, int64_t, ck_f16, ck_f32_to_i64(ck_f16_to_f32(x)))
CK_SCALAR_UNARY(to_i64, bf16, int64_t, ck_bf16, ck_f32_to_i64(ck_bf16_to_f32(x)))
CK_SCALAR_UNARY(to_i64, i32, int64_t, int32_t, x)
CK_SCALAR_UNARY(to_i64, i16, int64_t, int16_t, x)
CK_SCALAR_UNARY(to_i64, i8, int64_t, int8_t, x)
CK_SCALAR_UNARY(to_i64, u8, int64_t, uint8_t, x)
CK_INLINE int32_t ck_f64_to_i32(double x) { return x > -0x1p31 - 1 && x < 0x1p31 ? (int32_t)x : INT32_MIN; }
CK_SCALAR_UNARY(to_i32, f32, int32_t, float, ck_f64_to_i32(x))
CK_SCALAR_UNARY(to_i32, f64, int32_t, double, ck_f64_to_i32(x))
CK_SCALAR_UNARY(to_i32, f16, int32_t, ck_f16, ck_f64_to_i32(ck_f16_to_f32(x)))
CK_SCALAR_UNARY(to_i32, bf16, int32_t, ck_bf16, ck_f64_to_i32(ck_bf16_to_f32(x)))
// Integers keep their lowest bits. Unsigned numbers on the way, since C leaves the conversion to signed ones open.
CK_SCALAR_UNARY(to_i32, i64, uint32_t, int64_t, (uint32_t)x)
CK_SCALAR_UNARY(to_i16, i64, uint16_t, int64_t, (uint16_t)x)
CK_SCALAR_UNARY(to_i16, i32, uint16_t, int32_t, (uint16_t)x)
CK_SCALAR_UNARY(to_i8, i64, uint8_t, int64_t, (uint8_t)x)
CK_SCALAR_UNARY(to_i8, i32, uint8_t, int32_t, (uint8_t)x)
CK_SCALAR_UNARY(to_u8, i64, uint8_t, int64_t, (uint8_t)x)
CK_SCALAR_UNARY(to_u8, i32, uint8_t, int32_t, (uint8_t)x)
// True unless zero of either sign; NaN is true.
CK_SCALAR_UNARY(to_bool, f32, uint8_t, float, x != 0)
CK_SCALAR_UNARY(to_bool, f64, uint8_t, double, x != 0)
CK_SCALAR_UNARY(to_bool, f16, uint8_t, ck_f16, (x.bits & 0x7fff) != 0)
CK_SCALAR_UNARY(to_bool, bf16, uint8_t, ck_bf16, (x.bits & 0x7fff) != 0)
CK_SCALAR_UNARY(to_bool, i64, uint8_t, int64_t, x != 0)
// Rounded once, to the nearest float.
CK_SCALAR_UNARY(to_f32, i64, float, int64_t, (float)x)
CK_SCALAR_UNARY(to_f64, i64, double, int64_t, (double)x)
CK_SCALAR_UNARY(to_f16, i64, ck_f16, int64_t, ck_i64_to_f16(x))
CK_SCALAR_UNARY(to_bf16, i64, ck_bf16, int64_t, ck_i64_to_bf16(x))
// 0 or 1.
CK_SCALAR_UNARY(to_f32, bool, float, uint8_t, x != 0)
CK_SCALAR_UNARY(to_f64, bool, double, uint8_t, x != 0)
CK_SCALAR_UNARY(to_f16, bool, ck_f16, uint8_t, ((ck_f16){x != 0 ? 0x3c00 : 0}))
CK_SCALAR_UNARY(to_bf16, bool, ck_bf16, uint8_t, ((ck_bf16){x != 0 ? 0x3f80 : 0}))
CK_SCALAR_UNARY(to_i64, bool, int64_t, uint8_t, x != 0)

// Between floats. To a narrower type they round once, to the nearest and ties to even; to a wider they are exact.
CK_SCALAR_UNARY(to_f64, f32, double, float, (double)x)
CK_SCALAR_UNARY(to_f32, f64, float, double, (float)x)
CK_SCALAR_UNARY(to_f64, f16, double, ck_f16, (double)ck_f16_to_f32(x))
CK_SCALAR_UNARY(to_f64, bf16, double, ck_bf16, (double)ck_bf16_to_f32(x))
CK_SCALAR_UNARY(to_f16, f64, ck_f16, double, ck_f64_to_f16(x))
CK_SCALAR_UNARY(to_bf16, f64, ck_bf16, double, ck_f64_to_bf16(x))

/// Defines the tile function of a conversion between types that are computed with as float32.
#define CK_CONVERT_REALS(to, from)                                                                   \
  static CK_DENSE(ck_dense_to_##to##_##from) {      \
    (void)how;                                                                                       \
    ck_stored_##to *out = first;                                                               \
    const ck_stored_##from *x = second;                                                         \
    int64_t i = 0;                                                                                   \
    CK_WHOLE_VECTORS_CHEAPLY(CK_STORED_##to(store)(out + i, CK_STORED_##from(load)(x + i));)                 \
    if (i < count) CK_STORED_##to(store_first)(out + i, CK_STORED_##from(load_first)(x + i, count - i), count - i); \
  }                                                                                                  \
  CK_POINTWISE(to_##to, from, ck_dense_to_##to##_##from, 2, 0, ck_stored_##to, ck_stored_##from, ck_stored_##from, \
               ck_stored_##from)
CK_CONVERT_REALS(f32, f16)
CK_CONVERT_REALS(f32, bf16)
CK_CONVERT_REALS(f16, f32)
CK_CONVERT_REALS(f16, bf16)
CK_CONVERT_REALS(bf16, f32)
CK_CONVERT_REALS(bf16, f16)
#undef CK_CONVERT_REALS

#endif
