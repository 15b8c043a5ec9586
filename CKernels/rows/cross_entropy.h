// Cross-entropy of logits against class labels, and its derivative.
//
// The shape is {rows, classes}. integers[0] is the label of rows to be ignored; every other label is in
// 0 ..< classes, which the caller has checked. numbers[0] is the label smoothing s: the target distribution
// is 1 - s at the label plus s / classes everywhere.
#ifndef CK_ROWS_CROSS_ENTROPY_H
#define CK_ROWS_CROSS_ENTROPY_H

#include "log_softmax.h"

/// The label of row `r` of the group.
CK_INLINE int64_t row_label(const row_group *group, int64_t r) {
  const int64_t *labels = (const int64_t *)group->launch->operands[3].data + group->offsets[3];
  return labels[r * row_stride(group, 3)];
}

CK_INLINE void cross_entropy_group(const row_group *group, bool contiguous) {
  const ck_launch *launch = group->launch;
  float smoothing = (float)launch->attributes.numbers[0];
  int64_t classes = launch->shape[launch->rank - 1];
  row_vectors x = row_operand(group, 2, contiguous);
  vf32 max = row_max(group, x);
  vf32 log_sum = vf32_log(row_exp_sum(group, x, max));
  vf32 shifted_sum = vf32_zero();
  // Without smoothing the sum must not be taken: 0 * -infinity would be NaN.
  if (smoothing != 0) {
    row_sum sum;
    row_sum_start(&sum);
    for (int64_t i = 0; i < group->full + group->partial; i++) {
      int64_t lanes = i < group->full ? VF32_LANES : group->partial_lanes;
      row_sum_add(&sum, row_keep_first(vf32_sub(row_load(x, i, lanes), max), lanes));
    }
    shifted_sum = row_sum_finish(&sum, group->across);
  }
  float row_maximum[VF32_LANES], row_log_sum[VF32_LANES], row_shifted_sum[VF32_LANES];
  vf32_store(row_maximum, max);
  vf32_store(row_log_sum, log_sum);
  vf32_store(row_shifted_sum, shifted_sum);
  for (int64_t r = 0; r < group->rows; r++) {
    int64_t label = row_label(group, r);
    float loss = 0;
    if (label != launch->attributes.integers[0]) {
      float target = *row_element(group, 2, r, label) - row_maximum[r];
      if (smoothing != 0) {
        target = (1 - smoothing) * target + (smoothing / (float)classes) * row_shifted_sum[r];
      }
      loss = row_log_sum[r] - target;
    }
    *row_element(group, 0, r, 0) = loss;
    *row_element(group, 1, r, 0) = row_maximum[r] + row_log_sum[r];
  }
}

/// Per row the loss log(sum(exp(x))) - (1 - s) * x[label] - s * mean(x), 0 if the row is ignored, and the
/// log-sum-exp, which the derivative takes. Operands loss and log-sum-exp (strides[0]; strides[1] is 0),
/// logits (any strides), labels (int64, as the loss). Nothing aliases.
/// Error of the loss: 2^-24 * (32 + 2 * log2(n) + 4 * (max - x[label]) + s * 32 * (max - mean(x))).
/// NaN: in a row that is not ignored, a NaN, +infinity, or nothing but -infinity gives NaN; -infinity at the
/// label, or anywhere when smoothing, gives +infinity.
CK_TILE(cross_entropy, f32) {
  (void)scratch;
  row_group group = row_group_first(launch, 0x4, begin, end);
  bool contiguous = row_is_contiguous(&group);
  for (; group.remaining > 0; row_group_next(&group)) {
    if (contiguous) {
      cross_entropy_group(&group, true);
    } else {
      cross_entropy_group(&group, false);
    }
  }
}

/// What is per row, as a vector: in each lane its row's, or in all lanes the one row's.
CK_INLINE vf32 row_scalar(const row_group *group, const float per_row[VF32_LANES]) {
  return group->across ? vf32_load(per_row) : vf32_set1(per_row[0]);
}

CK_INLINE void cross_entropy_backward_group(const row_group *group, bool contiguous) {
  const ck_launch *launch = group->launch;
  float smoothing = (float)launch->attributes.numbers[0];
  int64_t classes = launch->shape[launch->rank - 1];
  row_vectors dx = row_operand(group, 0, contiguous), x = row_operand(group, 1, contiguous);
  float row_log_sum_exp[VF32_LANES] = {0}, row_gradient[VF32_LANES] = {0}, row_counts[VF32_LANES] = {0};
  float at_label[VF32_LANES] = {0};
  for (int64_t r = 0; r < group->rows; r++) {
    int64_t label = row_label(group, r);
    row_log_sum_exp[r] = *row_element(group, 2, r, 0);
    row_gradient[r] = *row_element(group, 4, r, 0);
    if (label == launch->attributes.integers[0]) continue;
    row_counts[r] = 1;
    // Read before anything is written: the derivative may replace the logits.
    at_label[r] = *row_element(group, 1, r, label);
  }
  vf32 log_sum_exp = row_scalar(group, row_log_sum_exp), gradient = row_scalar(group, row_gradient);
  // Selected rather than multiplied by zero, so that no NaN of an ignored row gets through.
  vm32 counts = vf32_ne(row_scalar(group, row_counts), vf32_zero());
  vf32 everywhere = vf32_set1(smoothing / (float)classes);
  for (int64_t i = 0; i < group->full + group->partial; i++) {
    int64_t lanes = i < group->full ? VF32_LANES : group->partial_lanes;
    vf32 p = vf32_exp(vf32_sub(row_load(x, i, lanes), log_sum_exp));
    vf32 value = vf32_mul(gradient, vf32_sub(p, everywhere));
    row_store(dx, i, lanes, vf32_select(counts, value, vf32_zero()));
  }
  vf32 p = vf32_exp(vf32_sub(vf32_load(at_label), log_sum_exp));
  vf32 target = vf32_set1(1 - smoothing);
  vf32_store(at_label, vf32_mul(gradient, vf32_sub(vf32_sub(p, target), everywhere)));
  for (int64_t r = 0; r < group->rows; r++) {
    if (row_counts[r] != 0) *row_element(group, 0, r, row_label(group, r)) = at_label[r];
  }
}

/// dlogits = gradient * (exp(x - log-sum-exp) - target), 0 in ignored rows. Operands dlogits, logits,
/// log-sum-exp (strides[0]; strides[1] is 0), labels (int64, likewise), gradient per row (likewise;
/// strides[0] may be 0). dlogits may alias the logits exactly.
/// Error: 2^-24 * |gradient| * (p * (4 + |x - log-sum-exp| + |log-sum-exp|) + 4). NaN: a NaN log-sum-exp or
/// gradient makes the row NaN unless it is ignored.
CK_TILE(cross_entropy_backward, f32) {
  (void)scratch;
  row_group group = row_group_first(launch, 0x3, begin, end);
  bool contiguous = row_is_contiguous(&group);
  for (; group.remaining > 0; row_group_next(&group)) {
    if (contiguous) {
      cross_entropy_backward_group(&group, true);
    } else {
      cross_entropy_backward_group(&group, false);
    }
  }
}

#endif
