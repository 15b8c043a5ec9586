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

// Division by zero gives zero, but whoever launches has refused it. The smallest integer by -1 wraps.

CK_INLINE int64_t ck_quotient(int64_t a, int64_t b) {
  return b == 0 ? 0 : b == -1 ? (int64_t)(0 - (uint64_t)a) : a / b;
}
CK_INLINE int64_t ck_rest(int64_t a, int64_t b) { return b == 0 || b == -1 ? 0 : a % b; }
/// Whether a division towards zero leaves a rest whose sign is not the divisor's.
CK_INLINE bool ck_rests_behind(int64_t a, int64_t b) { return ck_rest(a, b) != 0 && (a < 0) != (b < 0); }
CK_SCALAR_BINARY(trunc_divide, i64, int64_t, int64_t, ck_quotient(a, b))
CK_SCALAR_BINARY(floor_divide, i64, int64_t, int64_t, ck_quotient(a, b) - ck_rests_behind(a, b))
CK_SCALAR_BINARY(fmod, i64, int64_t, int64_t, ck_rest(a, b))
CK_SCALAR_BINARY(remainder, i64, int64_t, int64_t, ck_rest(a, b) + (ck_rests_behind(a, b) ? b : 0))

/// a^b by squaring. Of negative powers only those of 1 and -1 are whole numbers; the others are 0, as is 0's.
CK_INLINE int64_t ck_power(int64_t a, int64_t b) {
  if (b < 0) return a == 1 ? 1 : a == -1 ? (b % 2 == 0 ? 1 : -1) : 0;
  uint64_t result = 1, square = (uint64_t)a;
  for (; b > 0; b >>= 1, square *= square) {
    if (b & 1) result *= square;
  }
  return (int64_t)result;
}
static CK_DENSE(ck_dense_pow_i64) {
  (void)how;
  int64_t *out = first;
  const int64_t *as = second, *bs = third;
  for (int64_t i = 0; i < count; i++) out[i] = ck_power(as[i], bs[i]);
}
CK_POINTWISE(pow, i64, ck_dense_pow_i64, 3, 0, int64_t, int64_t, int64_t, int64_t)

// Bits.

CK_SCALAR_BINARY(bitwise_and, i64, int64_t, int64_t, a & b)
CK_SCALAR_BINARY(bitwise_or, i64, int64_t, int64_t, a | b)
CK_SCALAR_BINARY(bitwise_xor, i64, int64_t, int64_t, a ^ b)
CK_SCALAR_UNARY(bitwise_not, i64, int64_t, int64_t, ~x)

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

// Arithmetic of bools is logic.

CK_SCALAR_BINARY(add, bool, uint8_t, uint8_t, (a | b) != 0)
CK_SCALAR_BINARY(mul, bool, uint8_t, uint8_t, (a != 0) & (b != 0))
CK_SCALAR_BINARY(maximum, bool, uint8_t, uint8_t, (a | b) != 0)
CK_SCALAR_BINARY(minimum, bool, uint8_t, uint8_t, (a != 0) & (b != 0))

#endif
