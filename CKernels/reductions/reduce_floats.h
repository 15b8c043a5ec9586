// Sum, maximum and minimum of floats. Included for each floating-point type by reductions.h.

/// Elements `range` of the reduced space that begins at `base`, whose innermost dimension is contiguous.
#define reduce_runs CK_OF_DTYPE(reduce_runs)
CK_INLINE real reduce_runs(reduce_op op, const stored *base, const ck_space *reduced, reduce_range range,
                                real center) {
  int64_t count = range.last - range.first;
  if (reduced->rank <= 1) return reduce_row(op, base + range.first, count, center);
  vf centers = vf_set1(center);
  reduce_cascade cascade;
  reduce_cascade_start(&cascade);
  ck_cursor cursor = ck_cursor_at(reduced, range.first);
  while (count > 0) {
    int64_t run = ck_cursor_run(reduced, &cursor);
    if (run > count) run = count;
    const stored *p = base + cursor.offset;
    for (int64_t i = 0; i < run; i += REDUCE_BLOCK) {
      int64_t length = run - i < REDUCE_BLOCK ? run - i : REDUCE_BLOCK;
      reduce_cascade_push(op, &cascade, reduce_block(op, p + i, length, centers));
    }
    ck_cursor_advance(reduced, &cursor, run);
    count -= run;
  }
  return reduce_across(op, reduce_cascade_finish(op, &cascade));
}

/// Elements `range` of the reduced space that begins at `base`, whatever its strides.
#define reduce_gathered CK_OF_DTYPE(reduce_gathered)
CK_INLINE real reduce_gathered(reduce_op op, const stored *base, const ck_space *reduced, reduce_range range,
                                    real center) {
  stored buffer[REDUCE_BLOCK];
  reduce_cascade cascade;
  reduce_cascade_start(&cascade);
  if (range.first >= range.last) return reduce_across(op, reduce_identity(op));
  ck_cursor cursor = ck_cursor_at(reduced, range.first);
  for (int64_t first = range.first; first < range.last; first += REDUCE_BLOCK) {
    int64_t length = range.last - first < REDUCE_BLOCK ? range.last - first : REDUCE_BLOCK;
    reduce_gather(buffer, base, reduced, &cursor, length);
    reduce_cascade_push(op, &cascade, reduce_block(op, buffer, length, vf_set1(center)));
  }
  return reduce_across(op, reduce_cascade_finish(op, &cascade));
}

#define reduce_items CK_OF_DTYPE(reduce_items)
CK_INLINE void reduce_items(reduce_op op, const ck_launch *launch, int64_t begin, int64_t end) {
  if (begin >= end) return;
  void *out = launch->operands[0].data;
  const stored *input = launch->operands[1].data;
  const real *centers = op == REDUCE_SQUARES ? launch->operands[2].data : NULL;
  reduce_plan plan = reduce_plan_make(launch);
  if (plan.reduced.count == 0) {
    for (int64_t item = begin; item < end; item++) reduce_store(op, out, item, reduce_across(op, reduce_identity(op)));
    return;
  }
  int64_t part = begin / plan.kept.count, kept = begin % plan.kept.count;
  ck_cursor cursor = ck_cursor_at(&plan.kept, kept);
  int64_t part_end = (part + 1) * plan.kept.count;
  int64_t stride = ck_space_inner_stride(&plan.kept);
  for (int64_t item = begin; item < end;) {
    if (item == part_end) {
      part++;
      part_end += plan.kept.count;
      kept = 0;
    }
    const stored *base = input + cursor.offset;
    reduce_range range = reduce_part(&plan, part);
    int64_t items;
    if (plan.path == REDUCE_COLUMNS) {
      items = reduce_columns(&plan, &cursor, end - item);
      reduce_panel(op, out, item, base, stride, items, &plan.reduced, range, centers == NULL ? NULL : centers + kept);
    } else {
      items = reduce_neighbours(&plan, &cursor, end - item);
      for (int64_t i = 0; i < items; i++, base += stride) {
        real center = op == REDUCE_SQUARES ? centers[kept + i] : 0;
        real result = plan.path == REDUCE_RUNS ? reduce_runs(op, base, &plan.reduced, range, center)
                                               : reduce_gathered(op, base, &plan.reduced, range, center);
        reduce_store(op, out, item + i, result);
      }
    }
    item += items;
    kept += items;
    ck_cursor_advance(&plan.kept, &cursor, items);
  }
}

#define reduce_scale CK_OF_DTYPE(reduce_scale)
CK_INLINE void reduce_scale(const ck_launch *launch, int64_t begin, int64_t end) {
  double scale = launch->attributes.numbers[0];
  if (scale == 1) return;
  real *out = launch->operands[0].data;
  for (int64_t item = begin; item < end; item++) out[item] = (real)((double)out[item] * scale);
}

/// The sum of each part, times numbers[0]. An empty part gives 0.
/// 16-bit elements are added up, and the sum stored, as float32.
/// Error: at most (log2(n) + 20) * eps * sum(|x|) for n elements, eps = 2^-24, in float64 2^-53; the product is taken
/// in double and adds one rounding. NaN: NaN, and infinities of both signs, give NaN.
CK_TILE(sum, CK_DTYPE) {
  (void)scratch;
  reduce_items(REDUCE_SUM, launch, begin, end);
  reduce_scale(launch, begin, end);
}

/// The sum of the squares of each part's elements less the output's centre, times numbers[0]. A third operand, dense,
/// holds the centres, one for each kept index. An empty part gives 0.
/// 16-bit elements, but not centres, are widened to float32, and the sum is stored as such.
/// Error: at most (log2(n) + 22) * eps * the sum for n elements, eps = 2^-24, in float64 2^-53; the product is taken
/// in double and adds one rounding. NaN: a NaN or an infinity among the elements or as the centre gives NaN, but for an
/// infinity with a finite centre or the reverse, which gives infinity.
CK_TILE(squares, CK_DTYPE) {
  (void)scratch;
  reduce_items(REDUCE_SQUARES, launch, begin, end);
  reduce_scale(launch, begin, end);
}

/// The greatest element of each part. NaN: a part that holds a NaN gives NaN. Exact.
CK_TILE(max, CK_DTYPE) {
  (void)scratch;
  reduce_items(REDUCE_MAX, launch, begin, end);
}

/// The least element of each part. NaN: a part that holds a NaN gives NaN. Exact.
CK_TILE(min, CK_DTYPE) {
  (void)scratch;
  reduce_items(REDUCE_MIN, launch, begin, end);
}
