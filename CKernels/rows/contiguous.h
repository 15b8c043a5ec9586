// Rows whose elements lie side by side for every operand, one at a time.
#ifndef CK_ROWS_CONTIGUOUS_H
#define CK_ROWS_CONTIGUOUS_H

#include "../reductions/reductions.h"

enum {
  /// Running sums side by side.
  ROW_STREAMS = 4,
  /// Elements whose sum enters a cascade: each stream adds 16 vectors one after the other.
  ROW_BLOCK = 16 * ROW_STREAMS * VF32_LANES,
  /// The longest row that is fetched while the one before it is computed, in elements.
  ROW_PREFETCH = 16384,
  /// The longest row that an intermediate result of is kept beside the stack frame's other variables.
  ROW_BUFFER = 4096,
};

/// A term of a row's sum: the lanes from element `i` on, with zero in those past the end. It may write what it
/// computes on the way.
typedef vf32 (*row_term)(const void *row, int64_t i, int64_t lanes);

/// The sum of `term` over the `n` elements of a row, in an order that `n` alone decides.
CK_INLINE float row_total(const void *row, int64_t n, row_term term) {
  reduce_cascade cascade;
  reduce_cascade_start(&cascade);
  vf32 total = vf32_zero();
  for (int64_t first = 0; first < n; first += ROW_BLOCK) {
    int64_t last = n - first < ROW_BLOCK ? n : first + ROW_BLOCK;
    vf32 sum[ROW_STREAMS];
    for (int s = 0; s < ROW_STREAMS; s++) sum[s] = vf32_zero();
    int64_t i = first;
    for (; i + ROW_STREAMS * VF32_LANES <= last; i += ROW_STREAMS * VF32_LANES) {
      for (int s = 0; s < ROW_STREAMS; s++) sum[s] = vf32_add(sum[s], term(row, i + s * VF32_LANES, VF32_LANES));
    }
    for (; i + VF32_LANES <= last; i += VF32_LANES) sum[0] = vf32_add(sum[0], term(row, i, VF32_LANES));
    if (i < last) sum[1] = vf32_add(sum[1], term(row, i, last - i));
    total = vf32_add(vf32_add(sum[0], sum[1]), vf32_add(sum[2], sum[3]));
    if (n > ROW_BLOCK) reduce_cascade_push(REDUCE_SUM, &cascade, total);
  }
  if (n > ROW_BLOCK) total = reduce_cascade_finish(REDUCE_SUM, &cascade);
  return vf32_reduce_add(total);
}

/// The maximum of a row, NaNs left out: -infinity if there is nothing else.
CK_INLINE float row_maximum(const float *x, int64_t n) {
  vf32 low = vf32_set1(-INFINITY);
  vf32 most[ROW_STREAMS];
  for (int s = 0; s < ROW_STREAMS; s++) most[s] = low;
  int64_t i = 0;
  // Unordered operands give the second: a NaN that is loaded does not stay.
  for (; i + ROW_STREAMS * VF32_LANES <= n; i += ROW_STREAMS * VF32_LANES) {
    for (int s = 0; s < ROW_STREAMS; s++) most[s] = vf32_max(vf32_load(x + i + s * VF32_LANES), most[s]);
  }
  for (; i + VF32_LANES <= n; i += VF32_LANES) most[0] = vf32_max(vf32_load(x + i), most[0]);
  if (i < n) most[1] = vf32_max(vf32_select(vm32_first(n - i), vf32_load_first(x + i, n - i), low), most[1]);
  return vf32_reduce_max(vf32_max(vf32_max(most[0], most[1]), vf32_max(most[2], most[3])));
}

/// The first `lanes` lanes of `v`, and zero in the others.
CK_INLINE vf32 row_keep_first(vf32 v, int64_t lanes) {
  return lanes == VF32_LANES ? v : vf32_select(vm32_first(lanes), v, vf32_zero());
}

/// Where the row after this one begins, if it is worth fetching early, and otherwise this row. While a row is
/// computed the hardware fetches nothing; it follows a stream no further than a page, which a row may well fill.
CK_INLINE const float *row_next(const float *x, int64_t n, int64_t stride, int64_t remaining) {
  return remaining > 1 && n <= ROW_PREFETCH ? x + stride : x;
}

/// Fetches the cache line at `p` of a row that comes next. Results that are not stored past the caches need the room
/// in the first one themselves; the row then comes as far as the second.
CK_INLINE void row_fetch(const float *p, bool streams) { streams ? vf32_prefetch(p) : vf32_prefetch_second(p); }

/// Stores the lanes of `expression` at out[0 ..< count], past the caches if `streams`.
#define ROW_STORE(streams, out, count, expression)                                      \
  if (streams) {                                                                        \
    CK_FOR_ALIGNED_VECTORS(count, out, vf32_stream((out) + i, expression, n);)          \
  } else {                                                                              \
    CK_FOR_VECTORS(count, vf32_store_any((out) + i, 1, expression, n);)                 \
  }

#endif
