// Selecting slices of an array.
#ifndef CK_INDEXING_INDEX_SELECT_H
#define CK_INDEXING_INDEX_SELECT_H

#include "index.h"

enum {
  /// Slices of at least as many bytes are copied by memcpy; shorter ones are not worth the call.
  INDEX_COPY_BYTES = 64,
};

/// Copies `count` elements of `size` bytes between strided places.
CK_INLINE void index_copy(void *out, int64_t out_stride, const void *in, int64_t in_stride, int64_t count,
                          int64_t size) {
  if (out_stride == 1 && in_stride == 1 && count * size >= INDEX_COPY_BYTES) {
    memcpy(out, in, (size_t)(count * size));
    return;
  }
  for (int64_t i = 0; i < count; i++) {
    memcpy((char *)out + i * out_stride * size, (const char *)in + i * in_stride * size, (size_t)size);
  }
}

/// `size` is a constant: the elements are only moved, so that their type does not matter.
CK_INLINE void index_select_items(const ck_launch *launch, int64_t begin, int64_t end, int64_t size) {
  if (begin >= end) return;
  const ck_operand *out = &launch->operands[0], *x = &launch->operands[1], *index = &launch->operands[2];
  int64_t count = launch->shape[1], inner = launch->shape[2], extent = launch->attributes.integers[0];
  const int64_t *indices = index->data;
  int64_t o = begin / count, j = begin % count;
  for (int64_t item = begin; item < end; item++) {
    int64_t place = index_resolve(indices[j * index->strides[1]], extent);
    char *to = (char *)out->data + (o * out->strides[0] + j * out->strides[1]) * size;
    const char *from = (const char *)x->data + (o * x->strides[0] + place * x->strides[1]) * size;
    index_copy(to, out->strides[2], from, x->strides[2], inner, size);
    if (++j == count) {
      j = 0;
      o++;
    }
  }
}

/// out[o, j, i] = x[o, index[j], i]. The shape is {outer, count, inner}; items are the outer * count slices.
/// Operands out, x (strides[1] is the step along the indexed axis), index (strides[1]). Exact; bits are kept.
CK_TILE(index_select, f32) {
  (void)scratch;
  index_select_items(launch, begin, end, sizeof(float));
}

/// Defines a tile function as `index_select_f32`.
#define CK_DEFINE(dtype, T)                          \
  CK_TILE(index_select, dtype) {                    \
    (void)scratch;                                   \
    index_select_items(launch, begin, end, sizeof(T));  \
  }
CK_DEFINE(f64, double)
CK_DEFINE(f16, ck_f16)
CK_DEFINE(bf16, ck_bf16)
CK_DEFINE(i64, int64_t)
CK_DEFINE(bool, uint8_t)
#undef CK_DEFINE

#endif
