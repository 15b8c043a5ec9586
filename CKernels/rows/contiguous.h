// Rows whose elements lie side by side for every operand, one at a time.
//
// Included for float32 and float64 by rows.h.

/// A term of a row's sum: the lanes from element `i` on, with zero in those past the end. It may write what it
/// computes on the way.
typedef vf (*row_term)(const void *row, int64_t i, int64_t lanes);

/// The sum of `term` over the `n` elements of a row, in an order that `n` alone decides.
CK_INLINE real row_total(const void *row, int64_t n, row_term term) {
  reduce_cascade cascade;
  reduce_cascade_start(&cascade);
  vf total = vf_zero();
  for (int64_t first = 0; first < n; first += ROW_BLOCK) {
    int64_t last = n - first < ROW_BLOCK ? n : first + ROW_BLOCK;
    vf sum[ROW_STREAMS];
    for (int s = 0; s < ROW_STREAMS; s++) sum[s] = vf_zero();
    int64_t i = first;
    for (; i + ROW_STREAMS * VF_LANES <= last; i += ROW_STREAMS * VF_LANES) {
      for (int s = 0; s < ROW_STREAMS; s++) sum[s] = vf_add(sum[s], term(row, i + s * VF_LANES, VF_LANES));
    }
    for (; i + VF_LANES <= last; i += VF_LANES) sum[0] = vf_add(sum[0], term(row, i, VF_LANES));
    if (i < last) sum[1] = vf_add(sum[1], term(row, i, last - i));
    total = vf_add(vf_add(sum[0], sum[1]), vf_add(sum[2], sum[3]));
    if (n > ROW_BLOCK) reduce_cascade_push(REDUCE_SUM, &cascade, total);
  }
  if (n > ROW_BLOCK) total = reduce_cascade_finish(REDUCE_SUM, &cascade);
  return vf_reduce_add(total);
}

/// The maximum of a row, NaNs left out: -infinity if there is nothing else.
CK_INLINE real row_maximum(const real *x, int64_t n) {
  vf low = vf_set1((real)-INFINITY);
  vf most[ROW_STREAMS];
  for (int s = 0; s < ROW_STREAMS; s++) most[s] = low;
  int64_t i = 0;
  // Unordered operands give the second: a NaN that is loaded does not stay.
  for (; i + ROW_STREAMS * VF_LANES <= n; i += ROW_STREAMS * VF_LANES) {
    for (int s = 0; s < ROW_STREAMS; s++) most[s] = vf_max(vf_load(x + i + s * VF_LANES), most[s]);
  }
  for (; i + VF_LANES <= n; i += VF_LANES) most[0] = vf_max(vf_load(x + i), most[0]);
  if (i < n) most[1] = vf_max(vf_select(vm_first(n - i), vf_load_first(x + i, n - i), low), most[1]);
  return vf_reduce_max(vf_max(vf_max(most[0], most[1]), vf_max(most[2], most[3])));
}

/// The first `lanes` lanes of `v`, and zero in the others.
CK_INLINE vf row_keep_first(vf v, int64_t lanes) {
  return lanes == VF_LANES ? v : vf_select(vm_first(lanes), v, vf_zero());
}

/// Where the row after this one begins, if it is worth fetching early, and otherwise this row. While a row is
/// computed the hardware fetches nothing; it follows a stream no further than a page, which a row may well fill.
CK_INLINE const real *row_next(const real *x, int64_t n, int64_t stride, int64_t remaining) {
  return remaining > 1 && n <= ROW_PREFETCH ? x + stride : x;
}

/// Fetches the cache line at `p` of a row that comes next. Results that are not stored past the caches need the room
/// in the first one themselves; the row then comes as far as the second.
CK_INLINE void row_fetch(const real *p, bool streams) { streams ? vf32_prefetch(p) : vf32_prefetch_second(p); }

/// Stores the lanes of `expression` at out[0 ..< count], past the caches if `streams`.
#define ROW_STORE(streams, out, count, expression)                                      \
  if (streams) {                                                                        \
    CK_FOR_ALIGNED_VECTORS(count, out, vf_stream((out) + i, expression, n);)          \
  } else {                                                                              \
    CK_FOR_VECTORS(count, vf_store_any((out) + i, 1, expression, n);)                 \
  }
