// Running sums along an axis.
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

/// Defines the tile function of a running sum of elements of type T, added up in type A, between which `of_a` and
/// `to_a` convert.
#define CK_CUMULATIVE_SUM(dtype, T, A, of_a, to_a)                                                                  \
  CK_TILE(cumulative_sum, dtype) {                                                                      \
    (void)scratch;                                                                                      \
    int32_t last = launch->rank - 1;                                                                    \
    const ck_operand *out = &launch->operands[0], *in = &launch->operands[1];                           \
    int64_t n = launch->shape[last], so = out->strides[last], sx = in->strides[last];                   \
    int64_t group_so = last > 0 ? out->strides[last - 1] : 0, group_sx = last > 0 ? in->strides[last - 1] : 0; \
    for (int64_t item = begin; item < end;) {                                                           \
      int64_t count = cumulative_group(launch, item, end);                                              \
      T *y = (T *)out->data + cumulative_offset(launch, 0, item);                                       \
      const T *x = (const T *)in->data + cumulative_offset(launch, 1, item);                            \
      A total[CUMULATIVE_NEIGHBOURS] = {0};                                                             \
      for (int64_t i = 0; i < n; i++, x += sx, y += so) {                                               \
        if (group_so == 1 && group_sx == 1) {                                                           \
          CK_INDEPENDENT for (int64_t c = 0; c < count; c++) y[c] = of_a(total[c] += to_a(x[c]));       \
        } else {                                                                                        \
          for (int64_t c = 0; c < count; c++) y[c * group_so] = of_a(total[c] += to_a(x[c * group_sx])); \
        }                                                                                               \
      }                                                                                                 \
      item += count;                                                                                    \
    }                                                                                                   \
  }

// out[i] = x[0] + ... + x[i], added up in double (16-bit elements in float32) and rounded at each place. NaN: from the
// first NaN on, or from where infinities of both signs have met, everything is NaN.
CK_CUMULATIVE_SUM(f32, float, double, (float), (double))
CK_CUMULATIVE_SUM(f64, double, double, , )
CK_CUMULATIVE_SUM(f16, ck_f16, float, ck_f32_to_f16, ck_f16_to_f32)
CK_CUMULATIVE_SUM(bf16, ck_bf16, float, ck_f32_to_bf16, ck_bf16_to_f32)
// As above, exactly; overflow wraps.
CK_CUMULATIVE_SUM(i64, int64_t, uint64_t, (int64_t), (uint64_t))

#undef CK_CUMULATIVE_SUM

#endif
