// Adding each input to one indexed element.
#ifndef CK_INDEXING_SCATTER_ADD_H
#define CK_INDEXING_SCATTER_ADD_H

#include "index.h"

#define CK_BODY "../indexing/scatter_add_floats.h"
#include "../simd/each_float.h"

/// Defines the tile function that makes of each element of `T` that the index names, `*to`, and what goes there, `from`,
/// the statement `combine`. Shape, items and operands are those of scatter_add.
#define CK_SCATTER(op, dtype, T, combine)                                                                      \
  CK_TILE(op, dtype) {                                                                                         \
    (void)scratch;                                                                                             \
    if (begin >= end) return;                                                                                  \
    int32_t last = launch->rank - 1;                                                                           \
    int64_t n = launch->shape[last];                                                                           \
    int64_t extent = launch->attributes.integers[0], axis_stride = launch->attributes.integers[1];             \
    int64_t src_stride = launch->operands[1].strides[last], index_stride = launch->operands[2].strides[last];  \
    index_rows rows = index_rows_at(launch, begin);                                                            \
    for (int64_t row = begin; row < end; row++) {                                                              \
      T *out = (T *)launch->operands[0].data + rows.offsets[0];                                                \
      const T *src = (const T *)launch->operands[1].data + rows.offsets[1];                                    \
      const int64_t *index = (const int64_t *)launch->operands[2].data + rows.offsets[2];                      \
      for (int64_t j = 0; j < n; j++) {                                                                        \
        T *to = out + index_resolve(index[j * index_stride], extent) * axis_stride;                            \
        T from = src[j * src_stride];                                                                          \
        combine;                                                                                               \
      }                                                                                                        \
      index_rows_next(&rows);                                                                                  \
    }                                                                                                          \
  }

// As scatter_add, with other operations, in the order of the index. Products round once each, integers wrap. NaN
// propagates: it is the largest and the smallest.
CK_SCATTER(scatter_add, i64, uint64_t, *to += from)
CK_SCATTER(scatter_multiply, i64, uint64_t, *to *= from)
CK_SCATTER(scatter_max, i64, int64_t, if (from > *to) *to = from)
CK_SCATTER(scatter_min, i64, int64_t, if (from < *to) *to = from)
CK_SCATTER(scatter_multiply, f32, float, *to *= from)
CK_SCATTER(scatter_max, f32, float, if (from > *to || from != from) *to = from)
CK_SCATTER(scatter_min, f32, float, if (from < *to || from != from) *to = from)
CK_SCATTER(scatter_multiply, f64, double, *to *= from)
CK_SCATTER(scatter_max, f64, double, if (from > *to || from != from) *to = from)
CK_SCATTER(scatter_min, f64, double, if (from < *to || from != from) *to = from)
#undef CK_SCATTER

#endif
