// The 16-bit floating-point formats, for which no Swift type exists on every platform.
#ifndef CK_HALVES_H
#define CK_HALVES_H

#include <stdint.h>

/// The number with these bits in half precision, or in bfloat16. Exact.
float ck_f16_value(uint16_t bits);
float ck_bf16_value(uint16_t bits);

/// The bits of the half-precision number, or the bfloat16, nearest to `value`, ties to even.
uint16_t ck_f16_bits(double value);
uint16_t ck_bf16_bits(double value);

#endif
