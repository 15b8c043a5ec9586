// Softmax and its derivative.
#ifndef CK_ROWS_SOFTMAX_H
#define CK_ROWS_SOFTMAX_H

#include "statistics.h"

CK_INLINE void softmax_group(const row_group *group, bool contiguous) {
  row_vectors out = row_operand(group, 0, contiguous), x = row_operand(group, 1, contiguous);
  vf32 max = row_max(group, x);
  row_sum sum;
  row_sum_start(&sum);
  int64_t i = 0;
  for (; i < group->full; i++) {
    vf32 e = vf32_exp(vf32_sub(row_load(x, i, VF32_LANES), max));
    row_store(out, i, VF32_LANES, e);
    row_sum_add(&sum, e);
  }
  for (; i < group->full + group->partial; i++) {
    vf32 e = vf32_exp(vf32_sub(row_load(x, i, group->partial_lanes), max));
    row_store(out, i, group->partial_lanes, e);
    row_sum_add(&sum, row_keep_first(e, group->partial_lanes));
  }
  vf32 scale = vf32_div(vf32_set1(1), row_sum_finish(&sum, group->across));
  for (i = 0; i < group->full; i++) {
    row_store(out, i, VF32_LANES, vf32_mul(row_load(out, i, VF32_LANES), scale));
  }
  for (; i < group->full + group->partial; i++) {
    row_store(out, i, group->partial_lanes, vf32_mul(row_load(out, i, group->partial_lanes), scale));
  }
}

/// out = exp(x - max) / sum(exp(x - max)). Operands out, x; out may alias x exactly.
/// Error: relative 2^-24 * (32 + 2 * log2(n) + |x - max|). NaN: a NaN, +infinity, or nothing but -infinity in a
/// row makes the whole row NaN.
CK_TILE(softmax, f32) {
  (void)scratch;
  row_group group = row_group_first(launch, 0x3, begin, end);
  bool contiguous = row_is_contiguous(&group);
  for (; group.remaining > 0; row_group_next(&group)) {
    if (contiguous) {
      softmax_group(&group, true);
    } else {
      softmax_group(&group, false);
    }
  }
}

CK_INLINE void softmax_backward_group(const row_group *group, bool contiguous) {
  row_vectors gx = row_operand(group, 0, contiguous);
  row_vectors gy = row_operand(group, 1, contiguous), y = row_operand(group, 2, contiguous);
  row_sum sum;
  row_sum_start(&sum);
  int64_t i = 0;
  for (; i < group->full; i++) row_sum_add(&sum, vf32_mul(row_load(gy, i, VF32_LANES), row_load(y, i, VF32_LANES)));
  for (; i < group->full + group->partial; i++) {
    // Lanes past the end are loaded as zero.
    int64_t lanes = group->partial_lanes;
    row_sum_add(&sum, vf32_mul(row_load(gy, i, lanes), row_load(y, i, lanes)));
  }
  vf32 mean = row_sum_finish(&sum, group->across);
  for (i = 0; i < group->full + group->partial; i++) {
    int64_t lanes = i < group->full ? VF32_LANES : group->partial_lanes;
    row_store(gx, i, lanes, vf32_mul(row_load(y, i, lanes), vf32_sub(row_load(gy, i, lanes), mean)));
  }
}

/// gx = y * (gy - sum(gy * y)), where y is the softmax. Operands gx, gy, y; gx may alias either exactly.
/// Error: 2^-24 * y * (2 * |gy| + (32 + log2(n)) * sum(|gy * y|)). NaN: a NaN in gy or y makes the row NaN.
CK_TILE(softmax_backward, f32) {
  (void)scratch;
  row_group group = row_group_first(launch, 0x7, begin, end);
  bool contiguous = row_is_contiguous(&group);
  for (; group.remaining > 0; row_group_next(&group)) {
    if (contiguous) {
      softmax_backward_group(&group, true);
    } else {
      softmax_backward_group(&group, false);
    }
  }
}

#endif
