// Log-softmax and its derivative.
//
// Included for float32 and float64 by rows.h.

typedef struct exponential_row {
  const real *x, *next;
  vf max;
  bool streams;
} exponential_row;

CK_INLINE vf exponential_term(const void *context, int64_t i, int64_t lanes) {
  const exponential_row *row = context;
  row_fetch(row->next + i, row->streams);
  return row_keep_first(vf_exp_of_lesser(vf_sub(vf_load_any(row->x + i, 1, lanes), row->max)), lanes);
}

/// The maximum of the group's one row, and the sum of exp(x - max) over it.
CK_INLINE void row_exponentials(const row_group *group, int o, vf *max, vf *sum) {
  const ck_launch *launch = group->launch;
  int64_t n = launch->shape[launch->rank - 1];
  const real *x = row_start(group, o);
  *max = vf_set1(row_maximum(x, n));
  exponential_row row = {
      .x = x,
      .next = row_next(x, n, row_stride(group, o), group->remaining),
      .max = *max,
      .streams = launch->streams,
  };
  *sum = vf_set1(row_total(&row, n, exponential_term));
}

/// As `row_exponentials`, of a group of strided rows or of rows side by side.
CK_INLINE void row_exponentials_strided(const row_group *group, int o, vf *max, vf *sum) {
  row_vectors x = row_operand(group, o);
  *max = row_max(group, x);
  row_sum total;
  row_sum_start(&total);
  for (int64_t i = 0; i < group->full + group->partial; i++) {
    int64_t lanes = i < group->full ? VF_LANES : group->partial_lanes;
    row_sum_add(&total, row_keep_first(vf_exp_of_lesser(vf_sub(row_load(x, i, lanes), *max)), lanes));
  }
  *sum = row_sum_finish(&total, group->across);
}

CK_INLINE void log_softmax_contiguous(const row_group *group) {
  const ck_launch *launch = group->launch;
  int64_t n = launch->shape[launch->rank - 1];
  real *out = row_start(group, 0);
  const real *x = row_start(group, 1);
  vf max, sum;
  row_exponentials(group, 1, &max, &sum);
  vf log_sum = vf_log(sum);
  // Two subtractions: max + log_sum would lose log_sum's digits where max is large.
  ROW_STORE(launch->streams, out, n, vf_sub(vf_sub(vf_load_any(x + i, 1, n), max), log_sum))
}

CK_INLINE void log_softmax_strided(const row_group *group) {
  row_vectors out = row_operand(group, 0), x = row_operand(group, 1);
  vf max, sum;
  row_exponentials_strided(group, 1, &max, &sum);
  vf log_sum = vf_log(sum);
  for (int64_t i = 0; i < group->full + group->partial; i++) {
    int64_t lanes = i < group->full ? VF_LANES : group->partial_lanes;
    row_store(out, i, lanes, vf_sub(vf_sub(row_load(x, i, lanes), max), log_sum));
  }
}

/// out = x - max - log(sum(exp(x - max))). Operands out, x; out may alias x exactly.
/// Error: 2^-24 * (|x - max| + 3 * |out| + 32 + 2 * log2(n)). NaN: a NaN, +infinity, or nothing but -infinity in a
/// row makes the whole row NaN; -infinity beside finite elements stays -infinity.
CK_TILE(log_softmax, CK_DTYPE) {
  (void)scratch;
  ROW_FOR_GROUPS(launch, 0x3, begin, end, log_softmax_contiguous, log_softmax_strided)
}

CK_INLINE vf row_element_term(const void *context, int64_t i, int64_t lanes) {
  // Lanes past the end are loaded as zero.
  return vf_load_any((const real *)context + i, 1, lanes);
}

CK_INLINE void log_softmax_backward_contiguous(const row_group *group) {
  const ck_launch *launch = group->launch;
  int64_t n = launch->shape[launch->rank - 1];
  real *gx = row_start(group, 0);
  const real *gy = row_start(group, 1), *y = row_start(group, 2);
  const real *next_gy = row_next(gy, n, row_stride(group, 1), group->remaining);
  const real *next_y = row_next(y, n, row_stride(group, 2), group->remaining);
  const bool streams = launch->streams;
  vf total = vf_set1(row_total(gy, n, row_element_term));
  ROW_STORE(streams, gx, n,
            (row_fetch(next_gy + i, streams), row_fetch(next_y + i, streams),
             vf_sub(vf_load_any(gy + i, 1, n), vf_mul(vf_exp_of_lesser(vf_load_any(y + i, 1, n)), total))))
}

CK_INLINE void log_softmax_backward_strided(const row_group *group) {
  row_vectors gx = row_operand(group, 0), gy = row_operand(group, 1), y = row_operand(group, 2);
  row_sum sum;
  row_sum_start(&sum);
  // Lanes past the end are loaded as zero.
  for (int64_t i = 0; i < group->full + group->partial; i++) {
    row_sum_add(&sum, row_load(gy, i, i < group->full ? VF_LANES : group->partial_lanes));
  }
  vf total = row_sum_finish(&sum, group->across);
  for (int64_t i = 0; i < group->full + group->partial; i++) {
    int64_t lanes = i < group->full ? VF_LANES : group->partial_lanes;
    vf p = vf_exp_of_lesser(row_load(y, i, lanes));
    row_store(gx, i, lanes, vf_sub(row_load(gy, i, lanes), vf_mul(p, total)));
  }
}

/// gx = gy - exp(y) * sum(gy), where y is the log-softmax. Operands gx, gy, y; gx may alias either exactly.
/// Error: 2^-24 * (|gx| + exp(y) * (32 + log2(n)) * sum(|gy|)). NaN: a NaN in gy makes the row NaN, one in y
/// only its own element.
CK_TILE(log_softmax_backward, CK_DTYPE) {
  (void)scratch;
  ROW_FOR_GROUPS(launch, 0x7, begin, end, log_softmax_backward_contiguous, log_softmax_backward_strided)
}
