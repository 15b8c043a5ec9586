// Adding to indexed slices of an array.
#ifndef CK_INDEXING_INDEX_ADD_H
#define CK_INDEXING_INDEX_ADD_H

#include "index.h"

enum {
  /// Columns of one item.
  INDEX_ADD_COLUMNS = 64,
};

#define CK_BODY "../indexing/index_add_floats.h"
#include "../simd/each_float.h"

/// As for floats. Exact; overflow wraps.
CK_TILE(index_add, i64) {
  (void)scratch;
  const ck_operand *out = &launch->operands[0], *src = &launch->operands[1], *index = &launch->operands[2];
  int64_t count = launch->shape[1], inner = launch->shape[2], extent = launch->attributes.integers[0];
  int64_t blocks = (inner + INDEX_ADD_COLUMNS - 1) / INDEX_ADD_COLUMNS;
  const int64_t *indices = index->data;
  for (int64_t item = begin; item < end; item++) {
    int64_t o = item / blocks, first = item % blocks * INDEX_ADD_COLUMNS;
    int64_t columns = inner - first < INDEX_ADD_COLUMNS ? inner - first : INDEX_ADD_COLUMNS;
    uint64_t *to_base = (uint64_t *)out->data + o * out->strides[0] + first * out->strides[2];
    const uint64_t *from_base = (const uint64_t *)src->data + o * src->strides[0] + first * src->strides[2];
    for (int64_t j = 0; j < count; j++) {
      uint64_t *to = to_base + index_resolve(indices[j * index->strides[1]], extent) * out->strides[1];
      const uint64_t *from = from_base + j * src->strides[1];
      for (int64_t c = 0; c < columns; c++) to[c * out->strides[2]] += from[c * src->strides[2]];
    }
  }
}

#endif
