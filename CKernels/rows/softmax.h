// Softmax and its derivative.
//
// Included for float32 and float64 by rows.h.

/// A row on its way: the exponentials are kept where they are scaled later.
typedef struct softmax_row {
  const real *x, *next;
  real *exponentials;
  vf max;
  bool streams;
} softmax_row;

CK_INLINE vf softmax_term(const void *context, int64_t i, int64_t lanes) {
  const softmax_row *row = context;
  vf e = vf_exp_of_lesser(vf_sub(vf_load_any(row->x + i, 1, lanes), row->max));
  vf_store_any(row->exponentials + i, 1, e, lanes);
  row_fetch(row->next + i, row->streams);
  return row_keep_first(e, lanes);
}

CK_INLINE void softmax_contiguous(const row_group *group) {
  const ck_launch *launch = group->launch;
  int64_t n = launch->shape[launch->rank - 1];
  real *out = row_start(group, 0);
  const real *x = row_start(group, 1);
  _Alignas(64) real buffer[ROW_BUFFER];
  bool streams = launch->streams && n <= ROW_BUFFER;
  softmax_row row = {
      .x = x,
      .next = row_next(x, n, row_stride(group, 1), group->remaining),
      .exponentials = streams ? buffer : out,
      .max = vf_set1(row_maximum(x, n)),
      .streams = streams,
  };
  vf scale = vf_set1(1 / row_total(&row, n, softmax_term));
  ROW_STORE(streams, out, n, vf_mul(vf_load_any(row.exponentials + i, 1, n), scale))
}

CK_INLINE void softmax_strided(const row_group *group) {
  row_vectors out = row_operand(group, 0), x = row_operand(group, 1);
  vf max = row_max(group, x);
  row_sum sum;
  row_sum_start(&sum);
  for (int64_t i = 0; i < group->full + group->partial; i++) {
    int64_t lanes = i < group->full ? VF_LANES : group->partial_lanes;
    vf e = vf_exp_of_lesser(vf_sub(row_load(x, i, lanes), max));
    row_store(out, i, lanes, e);
    row_sum_add(&sum, row_keep_first(e, lanes));
  }
  vf scale = vf_div(vf_set1(1), row_sum_finish(&sum, group->across));
  for (int64_t i = 0; i < group->full + group->partial; i++) {
    int64_t lanes = i < group->full ? VF_LANES : group->partial_lanes;
    row_store(out, i, lanes, vf_mul(row_load(out, i, lanes), scale));
  }
}

/// out = exp(x - max) / sum(exp(x - max)). Operands out, x; out may alias x exactly.
/// Error: relative 2^-24 * (32 + 2 * log2(n) + |x - max|). NaN: a NaN, +infinity, or nothing but -infinity in a
/// row makes the whole row NaN.
CK_TILE(softmax, CK_DTYPE) {
  (void)scratch;
  ROW_FOR_GROUPS(launch, 0x3, begin, end, softmax_contiguous, softmax_strided)
}

typedef struct softmax_gradient_row {
  const real *gy, *y;
} softmax_gradient_row;

CK_INLINE vf softmax_gradient_term(const void *context, int64_t i, int64_t lanes) {
  const softmax_gradient_row *row = context;
  return vf_mul(vf_load_any(row->gy + i, 1, lanes), vf_load_any(row->y + i, 1, lanes));
}

CK_INLINE void softmax_backward_contiguous(const row_group *group) {
  const ck_launch *launch = group->launch;
  int64_t n = launch->shape[launch->rank - 1];
  real *gx = row_start(group, 0);
  softmax_gradient_row row = {.gy = row_start(group, 1), .y = row_start(group, 2)};
  const real *next_gy = row_next(row.gy, n, row_stride(group, 1), group->remaining);
  const real *next_y = row_next(row.y, n, row_stride(group, 2), group->remaining);
  const bool streams = launch->streams;
  vf mean = vf_set1(row_total(&row, n, softmax_gradient_term));
  ROW_STORE(streams, gx, n,
            (row_fetch(next_gy + i, streams), row_fetch(next_y + i, streams),
             vf_mul(vf_load_any(row.y + i, 1, n), vf_sub(vf_load_any(row.gy + i, 1, n), mean))))
}

CK_INLINE void softmax_backward_strided(const row_group *group) {
  row_vectors gx = row_operand(group, 0), gy = row_operand(group, 1), y = row_operand(group, 2);
  row_sum sum;
  row_sum_start(&sum);
  // Lanes past the end are loaded as zero.
  for (int64_t i = 0; i < group->full + group->partial; i++) {
    int64_t lanes = i < group->full ? VF_LANES : group->partial_lanes;
    row_sum_add(&sum, vf_mul(row_load(gy, i, lanes), row_load(y, i, lanes)));
  }
  vf mean = row_sum_finish(&sum, group->across);
  for (int64_t i = 0; i < group->full + group->partial; i++) {
    int64_t lanes = i < group->full ? VF_LANES : group->partial_lanes;
    row_store(gx, i, lanes, vf_mul(row_load(y, i, lanes), vf_sub(row_load(gy, i, lanes), mean)));
  }
}

/// gx = y * (gy - sum(gy * y)), where y is the softmax. Operands gx, gy, y; gx may alias either exactly.
/// Error: 2^-24 * y * (2 * |gy| + (32 + log2(n)) * sum(|gy * y|)). NaN: a NaN in gy or y makes the row NaN.
CK_TILE(softmax_backward, CK_DTYPE) {
  (void)scratch;
  ROW_FOR_GROUPS(launch, 0x7, begin, end, softmax_backward_contiguous, softmax_backward_strided)
}
