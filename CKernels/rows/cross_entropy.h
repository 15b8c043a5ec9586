// Cross-entropy of logits against class labels, and its derivative.
//
// The shape is {rows, classes}. integers[0] is the label of rows to be ignored; every other label is in
// 0 ..< classes, which the caller has checked. numbers[0] is the label smoothing s: the target distribution
// is 1 - s at the label plus s / classes everywhere.
//
// Included for float32 and float64 by rows.h.

/// The label of row `r` of the group.
CK_INLINE int64_t row_label(const row_group *group, int64_t r) {
  const int64_t *labels = (const int64_t *)group->launch->operands[3].data + group->offsets[3];
  return labels[r * row_stride(group, 3)];
}

/// What the loss of a row takes: the maximum, the logarithm of sum(exp(x - max)), and sum(x - max).
typedef struct cross_entropy_sums {
  vf max, log_sum, shifted_sum;
} cross_entropy_sums;

CK_INLINE vf shifted_term(const void *context, int64_t i, int64_t lanes) {
  const exponential_row *row = context;
  return row_keep_first(vf_sub(vf_load_any(row->x + i, 1, lanes), row->max), lanes);
}

CK_INLINE cross_entropy_sums cross_entropy_sums_contiguous(const row_group *group, bool smooths) {
  const ck_launch *launch = group->launch;
  vf max, sum, shifted = vf_zero();
  row_exponentials(group, 2, &max, &sum);
  if (smooths) {
    exponential_row row = {.x = row_start(group, 2), .max = max};
    shifted = vf_set1(row_total(&row, launch->shape[launch->rank - 1], shifted_term));
  }
  return (cross_entropy_sums){max, vf_log(sum), shifted};
}

CK_INLINE cross_entropy_sums cross_entropy_sums_strided(const row_group *group, bool smooths) {
  row_vectors x = row_operand(group, 2);
  vf max, sum, shifted = vf_zero();
  row_exponentials_strided(group, 2, &max, &sum);
  if (smooths) {
    row_sum total;
    row_sum_start(&total);
    for (int64_t i = 0; i < group->full + group->partial; i++) {
      int64_t lanes = i < group->full ? VF_LANES : group->partial_lanes;
      row_sum_add(&total, row_keep_first(vf_sub(row_load(x, i, lanes), max), lanes));
    }
    shifted = row_sum_finish(&total, group->across);
  }
  return (cross_entropy_sums){max, vf_log(sum), shifted};
}

CK_INLINE void cross_entropy_finish(const row_group *group, cross_entropy_sums sums) {
  const ck_launch *launch = group->launch;
  real smoothing = (real)launch->attributes.numbers[0];
  int64_t classes = launch->shape[launch->rank - 1];
  real row_maximum[VF_LANES], row_log_sum[VF_LANES], row_shifted_sum[VF_LANES];
  vf_store(row_maximum, sums.max);
  vf_store(row_log_sum, sums.log_sum);
  vf_store(row_shifted_sum, sums.shifted_sum);
  for (int64_t r = 0; r < group->rows; r++) {
    int64_t label = row_label(group, r);
    real loss = 0;
    if (label != launch->attributes.integers[0]) {
      real target = *row_element(group, 2, r, label) - row_maximum[r];
      if (smoothing != 0) {
        target = (1 - smoothing) * target + (smoothing / (real)classes) * row_shifted_sum[r];
      }
      loss = row_log_sum[r] - target;
    }
    *row_element(group, 0, r, 0) = loss;
    *row_element(group, 1, r, 0) = row_maximum[r] + row_log_sum[r];
  }
}

// Without smoothing the sum of the distances must not be taken: 0 * -infinity would be NaN.

CK_INLINE void cross_entropy_contiguous(const row_group *group) {
  cross_entropy_finish(group, cross_entropy_sums_contiguous(group, group->launch->attributes.numbers[0] != 0));
}

CK_INLINE void cross_entropy_strided(const row_group *group) {
  cross_entropy_finish(group, cross_entropy_sums_strided(group, group->launch->attributes.numbers[0] != 0));
}

/// Per row the loss log(sum(exp(x))) - (1 - s) * x[label] - s * mean(x), 0 if the row is ignored, and the
/// log-sum-exp, which the derivative takes. Operands loss and log-sum-exp (strides[0]; strides[1] is 0),
/// logits (any strides), labels (int64, as the loss). Nothing aliases.
/// Error of the loss: 2^-24 * (32 + 2 * log2(n) + 4 * (max - x[label]) + s * 32 * (max - mean(x))).
/// NaN: in a row that is not ignored, a NaN, +infinity, or nothing but -infinity gives NaN; -infinity at the
/// label, or anywhere when smoothing, gives +infinity.
CK_TILE(cross_entropy, CK_DTYPE) {
  (void)scratch;
  ROW_FOR_GROUPS(launch, 0x4, begin, end, cross_entropy_contiguous, cross_entropy_strided)
}

/// What is per row, as a vector: in each lane its row's, or in all lanes the one row's.
CK_INLINE vf row_scalar(const row_group *group, const real per_row[VF_LANES]) {
  return group->across ? vf_load(per_row) : vf_set1(per_row[0]);
}

/// What the derivative of a group's rows takes.
typedef struct cross_entropy_gradient {
  vf log_sum_exp, gradient, everywhere;
  /// Of the rows that are not ignored.
  vm counts;
  real row_counts[VF_LANES], at_label[VF_LANES];
} cross_entropy_gradient;

/// Reads all that the row is written over with: the derivative may replace the logits.
CK_INLINE void cross_entropy_gradient_start(const row_group *group, cross_entropy_gradient *g) {
  const ck_launch *launch = group->launch;
  real row_log_sum_exp[VF_LANES] = {0}, row_gradient[VF_LANES] = {0};
  for (int lane = 0; lane < VF_LANES; lane++) g->row_counts[lane] = g->at_label[lane] = 0;
  for (int64_t r = 0; r < group->rows; r++) {
    int64_t label = row_label(group, r);
    row_log_sum_exp[r] = *row_element(group, 2, r, 0);
    row_gradient[r] = *row_element(group, 4, r, 0);
    if (label == launch->attributes.integers[0]) continue;
    g->row_counts[r] = 1;
    g->at_label[r] = *row_element(group, 1, r, label);
  }
  g->log_sum_exp = row_scalar(group, row_log_sum_exp);
  g->gradient = row_scalar(group, row_gradient);
  // Selected rather than multiplied by zero, so that no NaN of an ignored row gets through.
  g->counts = vf_ne(row_scalar(group, g->row_counts), vf_zero());
  real classes = (real)launch->shape[launch->rank - 1];
  g->everywhere = vf_set1((real)launch->attributes.numbers[0] / classes);
}

CK_INLINE vf cross_entropy_slope(const cross_entropy_gradient *g, vf x) {
  vf p = vf_exp_of_lesser(vf_sub(x, g->log_sum_exp));
  return vf_select(g->counts, vf_mul(g->gradient, vf_sub(p, g->everywhere)), vf_zero());
}

/// Makes of the logits at the labels the derivatives there, which the target distribution sets apart.
CK_INLINE void cross_entropy_label_slopes(const row_group *group, cross_entropy_gradient *g) {
  vf p = vf_exp_of_lesser(vf_sub(vf_load(g->at_label), g->log_sum_exp));
  vf target = vf_set1(1 - (real)group->launch->attributes.numbers[0]);
  vf_store(g->at_label, vf_mul(g->gradient, vf_sub(vf_sub(p, target), g->everywhere)));
}

/// The derivative at the elements from `i` on of a contiguous row. The one at the label is put in its place here:
/// written afterwards, its line would have to be fetched back where stores go past the caches.
CK_INLINE vf cross_entropy_slope_from(const cross_entropy_gradient *g, vf x, int64_t i, int64_t label) {
  vf slope = cross_entropy_slope(g, x);
  if ((uint64_t)(label - i) >= VF_LANES) return slope;
  vm is_label = vm_andnot(vm_first(label - i), vm_first(label - i + 1));
  return vf_select(is_label, vf_set1(g->at_label[0]), slope);
}

CK_INLINE void cross_entropy_backward_contiguous(const row_group *group) {
  const ck_launch *launch = group->launch;
  int64_t n = launch->shape[launch->rank - 1];
  real *dx = row_start(group, 0);
  const real *x = row_start(group, 1), *next = row_next(x, n, row_stride(group, 1), group->remaining);
  cross_entropy_gradient gradient;
  cross_entropy_gradient_start(group, &gradient);
  cross_entropy_label_slopes(group, &gradient);
  const int64_t label = gradient.row_counts[0] != 0 ? row_label(group, 0) : -1;
  const bool streams = launch->streams;
  ROW_STORE(streams, dx, n,
            (row_fetch(next + i, streams),
             cross_entropy_slope_from(&gradient, vf_load_any(x + i, 1, n), i, label)))
}

CK_INLINE void cross_entropy_backward_strided(const row_group *group) {
  row_vectors dx = row_operand(group, 0), x = row_operand(group, 1);
  cross_entropy_gradient gradient;
  cross_entropy_gradient_start(group, &gradient);
  for (int64_t i = 0; i < group->full + group->partial; i++) {
    int64_t lanes = i < group->full ? VF_LANES : group->partial_lanes;
    row_store(dx, i, lanes, cross_entropy_slope(&gradient, row_load(x, i, lanes)));
  }
  cross_entropy_label_slopes(group, &gradient);
  for (int64_t r = 0; r < group->rows; r++) {
    if (gradient.row_counts[r] != 0) *row_element(group, 0, r, row_label(group, r)) = gradient.at_label[r];
  }
}

/// dlogits = gradient * (exp(x - log-sum-exp) - target), 0 in ignored rows. Operands dlogits, logits,
/// log-sum-exp (strides[0]; strides[1] is 0), labels (int64, likewise), gradient per row (likewise;
/// strides[0] may be 0). dlogits may alias the logits exactly.
/// Error: 2^-24 * |gradient| * (p * (4 + |x - log-sum-exp| + |log-sum-exp|) + 4). NaN: a NaN log-sum-exp or
/// gradient makes the row NaN unless it is ignored.
CK_TILE(cross_entropy_backward, CK_DTYPE) {
  (void)scratch;
  ROW_FOR_GROUPS(launch, 0x3, begin, end, cross_entropy_backward_contiguous, cross_entropy_backward_strided)
}
