// Where the maximum or minimum of floats lies. Included for each floating-point type by reductions.h.

/// The first place of `value`, which is among the `count` elements at `p`; a NaN stands for any NaN.
#define argument_find CK_OF_DTYPE(argument_find)
CK_INLINE int64_t argument_find(const stored *p, int64_t count, real value) {
  vf sought = vf_set1(value);
  bool seeks_nan = value != value;
  int64_t i = 0;
  for (; i + VF_LANES < count; i += VF_LANES) {
    vf v = vf_load_stored(p + i);
    if (vm_any(seeks_nan ? vf_is_nan(v) : vf_eq(v, sought))) break;
  }
  // It lies in this vector or, being certainly there, in the last one.
  for (;; i++) {
    real x = real_of_stored(p[i]);
    if (seeks_nan ? x != x : x == value) break;
  }
  return i;
}

/// One output: the blocks' extrema are compared first, and only the block that won is searched.
#define argument_row CK_OF_DTYPE(argument_row)
CK_INLINE int64_t argument_row(reduce_op op, const stored *base, const ck_space *reduced) {
  stored buffer[REDUCE_BLOCK];
  bool gathers = reduced->rank > 1 || (reduced->rank == 1 && reduced->strides[0] != 1);
  real best = 0;
  int64_t best_first = 0;
  ck_cursor cursor = ck_cursor_at(reduced, 0), best_cursor = cursor;
  for (int64_t first = 0; first < reduced->count && best == best; first += REDUCE_BLOCK) {
    int64_t length = reduced->count - first < REDUCE_BLOCK ? reduced->count - first : REDUCE_BLOCK;
    ck_cursor here = cursor;
    const stored *block = base + first;
    if (gathers) {
      reduce_gather(buffer, base, reduced, &cursor, length);
      block = buffer;
    }
    real extremum = reduce_across(op, reduce_block(op, block, length, vf_zero()));
    bool is_better = op == REDUCE_MAX ? !(extremum <= best) : !(extremum >= best);
    if (first == 0 || is_better) {
      best = extremum;
      best_first = first;
      best_cursor = here;
    }
  }
  int64_t length = reduced->count - best_first < REDUCE_BLOCK ? reduced->count - best_first : REDUCE_BLOCK;
  const stored *block = base + best_first;
  if (gathers) {
    reduce_gather(buffer, base, reduced, &best_cursor, length);
    block = buffer;
  }
  return best_first + argument_find(block, length, best);
}

/// Neighbouring outputs: each lane keeps its best element and the row it came from.
#define argument_panel CK_OF_DTYPE(argument_panel)
CK_INLINE void argument_panel(reduce_op op, int64_t *out, const stored *base, int64_t column_stride,
                                  int64_t columns, const ck_space *reduced) {
  _Alignas(64) real best[REDUCE_PANEL];
  _Alignas(64) integer best_row[REDUCE_PANEL];
  _Alignas(64) stored buffer[REDUCE_ROWS][REDUCE_BUFFER_ROW];
  const stored *rows[REDUCE_ROWS];
  // Rows are counted in 32 bits from the start of a chunk, and -1 says that the chunk brought nothing better.
  const int64_t chunk_rows = (int64_t)1 << 30;
  for (int64_t c = 0; c < columns; c += VF_LANES) vf_store(best + c, reduce_identity(op));
  for (int64_t c = 0; c < columns; c++) out[c] = 0;
  ck_cursor cursor = ck_cursor_at(reduced, 0);
  for (int64_t chunk = 0; chunk < reduced->count; chunk += chunk_rows) {
    int64_t chunk_end = reduced->count - chunk < chunk_rows ? reduced->count : chunk + chunk_rows;
    for (int64_t c = 0; c < columns; c += VF_LANES) vi_store(best_row + c, vi_set1(-1));
    for (int64_t first = chunk; first < chunk_end; first += REDUCE_ROWS) {
      int64_t count = chunk_end - first < REDUCE_ROWS ? chunk_end - first : REDUCE_ROWS;
      reduce_panel_rows(rows, buffer, base, column_stride, columns, reduced, &cursor, count);
      for (int64_t c = 0; c < columns; c += VF_LANES) {
        int64_t lanes = columns - c < VF_LANES ? columns - c : VF_LANES;
        vf kept = vf_load(best + c);
        vf kept_row = vi_as_vf(vi_load(best_row + c));
        for (int64_t r = 0; r < count; r++) {
          vf v = lanes == VF_LANES ? vf_load_stored(rows[r] + c) : vf_load_stored_first(rows[r] + c, lanes);
          // Better, or the first NaN.
          vm is_worse = op == REDUCE_MAX ? vf_le(v, kept) : vf_ge(v, kept);
          vm is_settled = vm_or(is_worse, vf_is_nan(kept));
          kept = vf_select(is_settled, kept, v);
          kept_row = vf_select(is_settled, kept_row, vi_as_vf(vi_set1((integer)(first - chunk + r))));
        }
        vf_store(best + c, kept);
        vi_store(best_row + c, vf_as_vi(kept_row));
      }
    }
    for (int64_t c = 0; c < columns; c++) {
      if (best_row[c] >= 0) out[c] = chunk + best_row[c];
    }
  }
}

#define argument_items CK_OF_DTYPE(argument_items)
CK_INLINE void argument_items(reduce_op op, const ck_launch *launch, int64_t begin, int64_t end) {
  if (begin >= end) return;
  int64_t *out = launch->operands[0].data;
  const stored *input = launch->operands[1].data;
  reduce_plan plan = reduce_plan_make(launch);
  ck_cursor cursor = ck_cursor_at(&plan.kept, begin);
  for (int64_t item = begin; item < end;) {
    const stored *base = input + cursor.offset;
    int64_t items = 1;
    if (plan.path == REDUCE_COLUMNS) {
      items = reduce_columns(&plan, &cursor, end - item);
      argument_panel(op, out + item, base, ck_space_inner_stride(&plan.kept), items, &plan.reduced);
    } else {
      out[item] = argument_row(op, base, &plan.reduced);
    }
    item += items;
    ck_cursor_advance(&plan.kept, &cursor, items);
  }
}

/// The index (int64, in the row-major reduced space) of each output's greatest element, the first of equals.
/// There is one part, and the reduced space is not empty. NaN: the first NaN counts as the greatest.
CK_TILE(argmax, CK_DTYPE) {
  (void)scratch;
  argument_items(REDUCE_MAX, launch, begin, end);
}

/// The index (int64, in the row-major reduced space) of each output's least element, the first of equals.
/// There is one part, and the reduced space is not empty. NaN: the first NaN counts as the least.
CK_TILE(argmin, CK_DTYPE) {
  (void)scratch;
  argument_items(REDUCE_MIN, launch, begin, end);
}
