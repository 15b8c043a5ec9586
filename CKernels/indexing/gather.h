// Reading one indexed element for each output.
#ifndef CK_INDEXING_GATHER_H
#define CK_INDEXING_GATHER_H

#include "index.h"

/// `size` is a constant: the elements are only moved, so that their type does not matter. They are moved one
/// by one, since a gather instruction is no faster than the loads it consists of.
CK_INLINE void gather_items(const ck_launch *launch, int64_t begin, int64_t end, int64_t size) {
  if (begin >= end) return;
  int32_t last = launch->rank - 1;
  int64_t n = launch->shape[last];
  int64_t extent = launch->attributes.integers[0], axis_stride = launch->attributes.integers[1];
  int64_t out_stride = launch->operands[0].strides[last], index_stride = launch->operands[2].strides[last];
  index_rows rows = index_rows_at(launch, begin);
  for (int64_t row = begin; row < end; row++) {
    char *out = (char *)launch->operands[0].data + rows.offsets[0] * size;
    const char *x = (const char *)launch->operands[1].data + rows.offsets[1] * size;
    const int64_t *index = (const int64_t *)launch->operands[2].data + rows.offsets[2];
    for (int64_t j = 0; j < n; j++) {
      int64_t place = index_resolve(index[j * index_stride], extent);
      memcpy(out + j * out_stride * size, x + place * axis_stride * size, (size_t)size);
    }
    index_rows_next(&rows);
  }
}

/// out[r, j] = x[r, index[r, j]]. The shape is [other dimensions..., n], the indexed axis last; items are
/// rows. Operands out, x (stride 0 along the last dimension; integers[1] is its step along the indexed axis),
/// index. Exact; bits are kept.
CK_TILE(gather, f32) {
  (void)scratch;
  gather_items(launch, begin, end, sizeof(float));
}

/// Defines a tile function as `gather_f32`.
#define CK_DEFINE(dtype, T)                          \
  CK_TILE(gather, dtype) {                          \
    (void)scratch;                                   \
    gather_items(launch, begin, end, sizeof(T));     \
  }
CK_DEFINE(f64, double)
CK_DEFINE(f16, ck_f16)
CK_DEFINE(bf16, ck_bf16)
CK_DEFINE(i64, int64_t)
CK_DEFINE(bool, uint8_t)
#undef CK_DEFINE

#endif
