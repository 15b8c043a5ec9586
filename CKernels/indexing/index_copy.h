// Writing slices to indexed places of an array.
#ifndef CK_INDEXING_INDEX_COPY_H
#define CK_INDEXING_INDEX_COPY_H

#include "index_add.h"
#include "index_select.h"

/// `size` is a constant: the elements are only moved, so that their type does not matter.
CK_INLINE void index_copy_items(const ck_launch *launch, int64_t begin, int64_t end, int64_t size) {
  if (begin >= end) return;
  const ck_operand *out = &launch->operands[0], *src = &launch->operands[1], *index = &launch->operands[2];
  int64_t count = launch->shape[1], inner = launch->shape[2], extent = launch->attributes.integers[0];
  int64_t blocks = (inner + INDEX_ADD_COLUMNS - 1) / INDEX_ADD_COLUMNS;
  for (int64_t item = begin; item < end; item++) {
    int64_t o = item / blocks, first = item % blocks * INDEX_ADD_COLUMNS;
    int64_t columns = inner - first < INDEX_ADD_COLUMNS ? inner - first : INDEX_ADD_COLUMNS;
    char *to = (char *)out->data + (o * out->strides[0] + first * out->strides[2]) * size;
    const char *from = (const char *)src->data + (o * src->strides[0] + first * src->strides[2]) * size;
    const int64_t *indices = (const int64_t *)index->data + o * index->strides[0];
    for (int64_t j = 0; j < count; j++) {
      int64_t place = index_resolve(indices[j * index->strides[1]], extent);
      index_copy(to + place * out->strides[1] * size, out->strides[2], from + j * src->strides[1] * size,
                 src->strides[2], columns, size);
    }
  }
}

/// out[o, index[o, j], i] = src[o, j, i], for j in order: of equal indices the last counts. The shape is {outer, count,
/// inner}; items are outer * ceil(inner / 64), as in `index_add`. Operands out (strides[1] is the step along the
/// indexed axis), src, index. Where no two indices are equal, a long index may be cut: the parts are then the outer
/// dimension, along which the output has stride 0. Exact; bits are kept.
CK_TILE(index_copy, f32) {
  (void)scratch;
  index_copy_items(launch, begin, end, sizeof(float));
}

/// Defines a tile function as `index_copy_f32`.
#define CK_DEFINE(dtype, T)                          \
  CK_TILE(index_copy, dtype) {                      \
    (void)scratch;                                   \
    index_copy_items(launch, begin, end, sizeof(T)); \
  }
CK_DEFINE(f64, double)
CK_DEFINE(f16, ck_f16)
CK_DEFINE(bf16, ck_bf16)
CK_DEFINE(i64, int64_t)
CK_DEFINE(bool, uint8_t)
#undef CK_DEFINE

#endif
