// The multiply-add peak: as many independent chains as it takes to keep every port busy, all in registers.
#ifndef CK_LIMITS_MULTIPLY_ADD_H
#define CK_LIMITS_MULTIPLY_ADD_H

#include "../include/ck_limits.h"

// A port starts one multiply-add a cycle and hands its result on after four. AArch64's CPUs have up to four
// ports and registers enough for sixteen chains; x86-64's have two ports.
#if CK_BUILDS_ARM64
enum { CK_LIMIT_CHAINS = 16 };
#else
enum { CK_LIMIT_CHAINS = 12 };
#endif
_Static_assert(CK_LIMIT_CHAIN_ELEMENTS % (CK_LIMIT_CHAINS * VF32_LANES) == 0, "an item holds whole groups of chains");

/// out[item][e] is x[e] after `depth` times x = x * numbers[0] + numbers[1].
///
/// Operands: out [items][elements] and x [elements], both dense; they do not overlap. Shape {items, elements,
/// depth}, where elements is a multiple of CK_LIMIT_CHAIN_ELEMENTS. Two operations for each multiply-add: twice
/// the product of the shape. One rounding a step where the ISA fuses, two where not; NaN gives NaN.
CK_TILE(limit_multiply_add, f32) {
  (void)scratch;
  enum { chains = CK_LIMIT_CHAINS };
  const int64_t elements = launch->shape[1], depth = launch->shape[2];
  const float *x = launch->operands[1].data;
  const vf32 factor = vf32_set1((float)launch->attributes.numbers[0]);
  const vf32 term = vf32_set1((float)launch->attributes.numbers[1]);
  for (int64_t item = begin; item < end; item++) {
    float *out = (float *)launch->operands[0].data + item * elements;
    for (int64_t first = 0; first < elements; first += chains * VF32_LANES) {
      vf32 values[chains];
#pragma clang loop unroll(full)
      for (int c = 0; c < chains; c++) values[c] = vf32_load(x + first + c * VF32_LANES);
      for (int64_t step = 0; step < depth; step++) {
#pragma clang loop unroll(full)
        for (int c = 0; c < chains; c++) values[c] = vf32_fma(values[c], factor, term);
      }
#pragma clang loop unroll(full)
      for (int c = 0; c < chains; c++) vf32_store(out + first + c * VF32_LANES, values[c]);
    }
  }
}

#endif
