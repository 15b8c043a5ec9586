// Running sums, products, and places of running extrema along an axis.
//
// The launch's shape is [outer dimensions..., n]; items are scans, each over the n elements of the last dimension.
// Operands are the output and the input, with any strides, negative ones for a scan from the end; the output may
// alias the input exactly.
#ifndef CK_REDUCTIONS_CUMULATIVE_H
#define CK_REDUCTIONS_CUMULATIVE_H

#include "../core/walk.h"

enum {
  /// Scans side by side whose elements are neighbours in memory.
  CUMULATIVE_NEIGHBOURS = 64,
  /// Scans side by side that lie apart: enough to hide an addition's latency.
  CUMULATIVE_APART = 8,
};

/// Where the scan `item` begins in operand `o`.
static inline int64_t cumulative_offset(const ck_launch *launch, int o, int64_t item) {
  int64_t offset = 0;
  for (int32_t d = launch->rank - 2; d >= 0; d--) {
    offset += item % launch->shape[d] * launch->operands[o].strides[d];
    item /= launch->shape[d];
  }
  return offset;
}

/// How many scans from `item` on lie along one dimension, and are to be done side by side.
static inline int64_t cumulative_group(const ck_launch *launch, int64_t item, int64_t end) {
  if (launch->rank < 2) return 1;
  int32_t d = launch->rank - 2;
  int64_t left = launch->shape[d] - item % launch->shape[d];
  bool neighbours = launch->operands[0].strides[d] == 1 && launch->operands[1].strides[d] == 1;
  int64_t most = neighbours ? CUMULATIVE_NEIGHBOURS : CUMULATIVE_APART;
  if (left > most) left = most;
  return left < end - item ? left : end - item;
}

/// Defines the tile function `op` of running results of elements of type T, each of which `joins` (`+=` or `*=`) the
/// result so far, a number of type A that begins with `start`; `of_a` and `to_a` convert between the two types.
#define CK_CUMULATIVE(op, start, joins, dtype, T, A, of_a, to_a)                                                    \
  CK_TILE(op, dtype) {                                                                                  \
    (void)scratch;                                                                                      \
    int32_t last = launch->rank - 1;                                                                    \
    const ck_operand *out = &launch->operands[0], *in = &launch->operands[1];                           \
    int64_t n = launch->shape[last], so = out->strides[last], sx = in->strides[last];                   \
    int64_t group_so = last > 0 ? out->strides[last - 1] : 0, group_sx = last > 0 ? in->strides[last - 1] : 0; \
    for (int64_t item = begin; item < end;) {                                                           \
      int64_t count = cumulative_group(launch, item, end);                                              \
      T *y = (T *)out->data + cumulative_offset(launch, 0, item);                                       \
      const T *x = (const T *)in->data + cumulative_offset(launch, 1, item);                            \
      A total[CUMULATIVE_NEIGHBOURS];                                                                   \
      for (int64_t c = 0; c < count; c++) total[c] = start;                                             \
      for (int64_t i = 0; i < n; i++, x += sx, y += so) {                                               \
        if (group_so == 1 && group_sx == 1) {                                                           \
          CK_INDEPENDENT for (int64_t c = 0; c < count; c++) y[c] = of_a(total[c] joins to_a(x[c]));    \
        } else {                                                                                        \
          for (int64_t c = 0; c < count; c++) y[c * group_so] = of_a(total[c] joins to_a(x[c * group_sx])); \
        }                                                                                               \
      }                                                                                                 \
      item += count;                                                                                    \
    }                                                                                                   \
  }

// out[i] = x[0] + ... + x[i], added up in double (16-bit elements in float32) and rounded at each place. NaN: from the
// first NaN on, or from where infinities of both signs have met, everything is NaN.
CK_CUMULATIVE(cumulative_sum, 0, +=, f32, float, double, (float), (double))
CK_CUMULATIVE(cumulative_sum, 0, +=, f64, double, double, , )
CK_CUMULATIVE(cumulative_sum, 0, +=, f16, ck_f16, float, ck_f32_to_f16, ck_f16_to_f32)
CK_CUMULATIVE(cumulative_sum, 0, +=, bf16, ck_bf16, float, ck_f32_to_bf16, ck_bf16_to_f32)
// As above, exactly; overflow wraps.
CK_CUMULATIVE(cumulative_sum, 0, +=, i64, int64_t, uint64_t, (int64_t), (uint64_t))

// out[i] = x[0] * ... * x[i], multiplied in double and rounded at each place. NaN: from the first NaN on, or from where
// a 0 and an infinity have met, everything is NaN.
CK_CUMULATIVE(cumulative_product, 1, *=, f32, float, double, (float), (double))
CK_CUMULATIVE(cumulative_product, 1, *=, f64, double, double, , )
// As above, exactly; overflow wraps.
CK_CUMULATIVE(cumulative_product, 1, *=, i64, int64_t, uint64_t, (int64_t), (uint64_t))

#undef CK_CUMULATIVE

/// Defines the tile function `op` of the places of running extrema: an element that is `good` beside the best so far
/// takes its place.
#define CK_CUMULATIVE_PLACE(op, good, dtype, T)                                                        \
  CK_TILE(op, dtype) {                                                                                  \
    (void)scratch;                                                                                      \
    int32_t last = launch->rank - 1;                                                                    \
    const ck_operand *out = &launch->operands[0], *in = &launch->operands[1];                           \
    int64_t n = launch->shape[last], so = out->strides[last], sx = in->strides[last];                   \
    int64_t group_so = last > 0 ? out->strides[last - 1] : 0, group_sx = last > 0 ? in->strides[last - 1] : 0; \
    for (int64_t item = begin; item < end;) {                                                           \
      int64_t count = cumulative_group(launch, item, end);                                              \
      int64_t *y = (int64_t *)out->data + cumulative_offset(launch, 0, item);                           \
      const T *x = (const T *)in->data + cumulative_offset(launch, 1, item);                            \
      T best[CUMULATIVE_NEIGHBOURS];                                                                    \
      int64_t place[CUMULATIVE_NEIGHBOURS];                                                             \
      for (int64_t c = 0; c < count; c++) best[c] = x[c * group_sx], place[c] = 0;                      \
      for (int64_t i = 0; i < n; i++, x += sx, y += so) {                                               \
        for (int64_t c = 0; c < count; c++) {                                                           \
          T element = x[c * group_sx];                                                                  \
          bool takes = element != element || element good best[c];                                      \
          best[c] = takes ? element : best[c];                                                          \
          place[c] = takes ? i : place[c];                                                              \
          y[c * group_so] = place[c];                                                                   \
        }                                                                                               \
      }                                                                                                 \
      item += count;                                                                                    \
    }                                                                                                   \
  }

// Where the greatest, or least, of x[0] ... x[i] lies, int64; the last of equals. The last NaN counts before all.
CK_CUMULATIVE_PLACE(cumulative_argmax, >=, f32, float)
CK_CUMULATIVE_PLACE(cumulative_argmax, >=, f64, double)
CK_CUMULATIVE_PLACE(cumulative_argmax, >=, i64, int64_t)
CK_CUMULATIVE_PLACE(cumulative_argmin, <=, f32, float)
CK_CUMULATIVE_PLACE(cumulative_argmin, <=, f64, double)
CK_CUMULATIVE_PLACE(cumulative_argmin, <=, i64, int64_t)

#undef CK_CUMULATIVE_PLACE

#endif
