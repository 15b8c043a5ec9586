// What a row is normalised by: its maximum, and sums over it.
#ifndef CK_ROWS_STATISTICS_H
#define CK_ROWS_STATISTICS_H

#include "../math/exp.h"
#include "../math/log.h"
#include "../reductions/reductions.h"
#include "contiguous.h"
#include "group.h"

enum {
  /// Vectors added one after the other before they enter a cascade.
  ROW_CHAIN = 16,
};

/// A running sum of vectors whose error grows with the logarithm of their number.
typedef struct row_sum {
  vf32 chain;
  int64_t length;
  reduce_cascade cascade;
} row_sum;

CK_INLINE void row_sum_start(row_sum *sum) {
  sum->chain = vf32_zero();
  sum->length = 0;
  reduce_cascade_start(&sum->cascade);
}

CK_INLINE void row_sum_add(row_sum *sum, vf32 v) {
  sum->chain = vf32_add(sum->chain, v);
  if (++sum->length < ROW_CHAIN) return;
  reduce_cascade_push(REDUCE_SUM, &sum->cascade, sum->chain);
  sum->chain = vf32_zero();
  sum->length = 0;
}

/// The total: per lane where lanes are rows, otherwise over all lanes and the same in each.
CK_INLINE vf32 row_sum_finish(const row_sum *sum, bool across) {
  vf32 total = sum->chain;
  if (sum->cascade.count > 0) total = vf32_add(reduce_cascade_finish(REDUCE_SUM, &sum->cascade), total);
  return across ? total : vf32_set1(vf32_reduce_add(total));
}

/// The maximum of the group's row or rows, NaNs left out: -infinity if there is nothing else.
CK_INLINE vf32 row_max(const row_group *group, row_vectors x) {
  vf32 low = vf32_set1(-INFINITY);
  vf32 most[4] = {low, low, low, low};
  int64_t i = 0;
  // Unordered operands give the second: a NaN that is loaded does not stay.
  for (; i + 4 <= group->full; i += 4) {
    for (int s = 0; s < 4; s++) most[s] = vf32_max(row_load(x, i + s, VF32_LANES), most[s]);
  }
  for (; i < group->full; i++) most[0] = vf32_max(row_load(x, i, VF32_LANES), most[0]);
  for (; i < group->full + group->partial; i++) {
    vf32 v = row_load(x, i, group->partial_lanes);
    most[1] = vf32_max(vf32_select(vm32_first(group->partial_lanes), v, low), most[1]);
  }
  vf32 all = vf32_max(vf32_max(most[0], most[1]), vf32_max(most[2], most[3]));
  return group->across ? all : vf32_set1(vf32_reduce_max(all));
}

#endif
