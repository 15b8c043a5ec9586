// What memory can do: blocks that are read, written, or both, with next to no arithmetic.
//
// The shape is {items, elements}, where elements is a multiple of CK_LIMIT_BLOCK_ELEMENTS. Operands are dense and do
// not overlap. Where integers[0] is set, results are stored past the caches, for which they are aligned to 64 bytes.
#ifndef CK_LIMITS_BANDWIDTH_H
#define CK_LIMITS_BANDWIDTH_H

#include "../include/ck_limits.h"

_Static_assert(CK_LIMIT_BLOCK_ELEMENTS % (4 * VF32_LANES) == 0, "a block holds whole groups of vectors");

/// out[item] = the sum of x[item][elements]. Operands: out [items], x.
/// Error: at most elements * 2^-24 * sum(|x|) in the first order. NaN gives NaN.
CK_TILE(limit_read, f32) {
  (void)scratch;
  enum { chains = 4 };
  const int64_t elements = launch->shape[1];
  float *out = launch->operands[0].data;
  for (int64_t item = begin; item < end; item++) {
    const float *x = (const float *)launch->operands[1].data + item * elements;
    vf32 sums[chains];
#pragma clang loop unroll(full)
    for (int c = 0; c < chains; c++) sums[c] = vf32_zero();
    for (int64_t i = 0; i < elements; i += chains * VF32_LANES) {
#pragma clang loop unroll(full)
      for (int c = 0; c < chains; c++) sums[c] = vf32_add(sums[c], vf32_load(x + i + c * VF32_LANES));
    }
    out[item] = vf32_reduce_add(vf32_add(vf32_add(sums[0], sums[1]), vf32_add(sums[2], sums[3])));
  }
}

/// out[item][elements] = numbers[0]. Operands: out.
CK_TILE(limit_write, f32) {
  (void)scratch;
  const int64_t first = begin * launch->shape[1], last = end * launch->shape[1];
  float *out = launch->operands[0].data;
  const vf32 value = vf32_set1((float)launch->attributes.numbers[0]);
  if (launch->attributes.integers[0] != 0) {
    for (int64_t i = first; i < last; i += VF32_LANES) vf32_store_streaming(out + i, value);
    vf32_streaming_fence();
  } else {
    for (int64_t i = first; i < last; i += VF32_LANES) vf32_store(out + i, value);
  }
}

/// out[item][elements] = b[item][elements] + numbers[0] * c[item][elements]. Operands: out, b, c.
/// One rounding where the ISA fuses, two where not; NaN gives NaN.
CK_TILE(limit_triad, f32) {
  (void)scratch;
  const int64_t first = begin * launch->shape[1], last = end * launch->shape[1];
  float *out = launch->operands[0].data;
  const float *b = launch->operands[1].data, *c = launch->operands[2].data;
  const vf32 scale = vf32_set1((float)launch->attributes.numbers[0]);
  if (launch->attributes.integers[0] != 0) {
    for (int64_t i = first; i < last; i += VF32_LANES) {
      vf32_store_streaming(out + i, vf32_fma(scale, vf32_load(c + i), vf32_load(b + i)));
    }
    vf32_streaming_fence();
  } else {
    for (int64_t i = first; i < last; i += VF32_LANES) {
      vf32_store(out + i, vf32_fma(scale, vf32_load(c + i), vf32_load(b + i)));
    }
  }
}

#endif
