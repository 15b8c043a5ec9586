// Log-softmax and its derivative.
#ifndef CK_ROWS_LOG_SOFTMAX_H
#define CK_ROWS_LOG_SOFTMAX_H

#include "statistics.h"

/// The sum of exp(x - max) over the group's row or rows.
CK_INLINE vf32 row_exp_sum(const row_group *group, row_vectors x, vf32 max) {
  row_sum sum;
  row_sum_start(&sum);
  int64_t i = 0;
  for (; i < group->full; i++) row_sum_add(&sum, vf32_exp(vf32_sub(row_load(x, i, VF32_LANES), max)));
  for (; i < group->full + group->partial; i++) {
    vf32 e = vf32_exp(vf32_sub(row_load(x, i, group->partial_lanes), max));
    row_sum_add(&sum, row_keep_first(e, group->partial_lanes));
  }
  return row_sum_finish(&sum, group->across);
}

CK_INLINE void log_softmax_group(const row_group *group, bool contiguous) {
  row_vectors out = row_operand(group, 0, contiguous), x = row_operand(group, 1, contiguous);
  vf32 max = row_max(group, x);
  vf32 log_sum = vf32_log(row_exp_sum(group, x, max));
  // Two subtractions: max + log_sum would lose log_sum's digits where max is large.
  for (int64_t i = 0; i < group->full + group->partial; i++) {
    int64_t lanes = i < group->full ? VF32_LANES : group->partial_lanes;
    row_store(out, i, lanes, vf32_sub(vf32_sub(row_load(x, i, lanes), max), log_sum));
  }
}

/// out = x - max - log(sum(exp(x - max))). Operands out, x; out may alias x exactly.
/// Error: 2^-24 * (|x - max| + 3 * |out| + 32 + 2 * log2(n)). NaN: a NaN, +infinity, or nothing but -infinity in a
/// row makes the whole row NaN; -infinity beside finite elements stays -infinity.
CK_TILE(log_softmax, f32) {
  (void)scratch;
  row_group group = row_group_first(launch, 0x3, begin, end);
  bool contiguous = row_is_contiguous(&group);
  for (; group.remaining > 0; row_group_next(&group)) {
    if (contiguous) {
      log_softmax_group(&group, true);
    } else {
      log_softmax_group(&group, false);
    }
  }
}

CK_INLINE void log_softmax_backward_group(const row_group *group, bool contiguous) {
  row_vectors gx = row_operand(group, 0, contiguous);
  row_vectors gy = row_operand(group, 1, contiguous), y = row_operand(group, 2, contiguous);
  row_sum sum;
  row_sum_start(&sum);
  // Lanes past the end are loaded as zero.
  for (int64_t i = 0; i < group->full + group->partial; i++) {
    row_sum_add(&sum, row_load(gy, i, i < group->full ? VF32_LANES : group->partial_lanes));
  }
  vf32 total = row_sum_finish(&sum, group->across);
  for (int64_t i = 0; i < group->full + group->partial; i++) {
    int64_t lanes = i < group->full ? VF32_LANES : group->partial_lanes;
    vf32 p = vf32_exp(row_load(y, i, lanes));
    row_store(gx, i, lanes, vf32_sub(row_load(gy, i, lanes), vf32_mul(p, total)));
  }
}

/// gx = gy - exp(y) * sum(gy), where y is the log-softmax. Operands gx, gy, y; gx may alias either exactly.
/// Error: 2^-24 * (|gx| + exp(y) * (32 + log2(n)) * sum(|gy|)). NaN: a NaN in gy makes the row NaN, one in y
/// only its own element.
CK_TILE(log_softmax_backward, f32) {
  (void)scratch;
  row_group group = row_group_first(launch, 0x7, begin, end);
  bool contiguous = row_is_contiguous(&group);
  for (; group.remaining > 0; row_group_next(&group)) {
    if (contiguous) {
      log_softmax_backward_group(&group, true);
    } else {
      log_softmax_backward_group(&group, false);
    }
  }
}

#endif
