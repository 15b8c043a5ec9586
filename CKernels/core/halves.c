// The 16-bit floats for Swift: one number at a time, by the conversions that the kernels use.
#include "ck_halves.h"
#include "../simd/isa.h"
#include "../simd/half.h"

float ck_f16_value(uint16_t bits) { return ck_f16_to_f32((ck_f16){bits}); }

float ck_bf16_value(uint16_t bits) { return ck_bf16_to_f32((ck_bf16){bits}); }

uint16_t ck_f16_bits(double value) { return ck_f64_to_f16(value).bits; }

uint16_t ck_bf16_bits(double value) { return ck_f64_to_bf16(value).bits; }
