// What a row is normalised by: its maximum, and sums over it.
//
// Included for float32 and float64 by rows.h.

/// A running sum of vectors whose error grows with the logarithm of their number.
typedef struct row_sum {
  vf chain;
  int64_t length;
  reduce_cascade cascade;
} row_sum;

CK_INLINE void row_sum_start(row_sum *sum) {
  sum->chain = vf_zero();
  sum->length = 0;
  reduce_cascade_start(&sum->cascade);
}

CK_INLINE void row_sum_add(row_sum *sum, vf v) {
  sum->chain = vf_add(sum->chain, v);
  if (++sum->length < ROW_CHAIN) return;
  reduce_cascade_push(REDUCE_SUM, &sum->cascade, sum->chain);
  sum->chain = vf_zero();
  sum->length = 0;
}

/// The total: per lane where lanes are rows, otherwise over all lanes and the same in each.
CK_INLINE vf row_sum_finish(const row_sum *sum, bool across) {
  vf total = sum->chain;
  if (sum->cascade.count > 0) total = vf_add(reduce_cascade_finish(REDUCE_SUM, &sum->cascade), total);
  return across ? total : vf_set1(vf_reduce_add(total));
}

/// The maximum of the group's row or rows, NaNs left out: -infinity if there is nothing else.
CK_INLINE vf row_max(const row_group *group, row_vectors x) {
  vf low = vf_set1((real)-INFINITY);
  vf most[4] = {low, low, low, low};
  int64_t i = 0;
  // Unordered operands give the second: a NaN that is loaded does not stay.
  for (; i + 4 <= group->full; i += 4) {
    for (int s = 0; s < 4; s++) most[s] = vf_max(row_load(x, i + s, VF_LANES), most[s]);
  }
  for (; i < group->full; i++) most[0] = vf_max(row_load(x, i, VF_LANES), most[0]);
  for (; i < group->full + group->partial; i++) {
    vf v = row_load(x, i, group->partial_lanes);
    most[1] = vf_max(vf_select(vm_first(group->partial_lanes), v, low), most[1]);
  }
  vf all = vf_max(vf_max(most[0], most[1]), vf_max(most[2], most[3]));
  return group->across ? all : vf_set1(vf_reduce_max(all));
}
