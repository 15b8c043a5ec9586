// Reducing rows of floats into one result for each column. Included for each floating-point type by reductions.h.

/// Finds the next `count` rows, at most REDUCE_ROWS, of a panel of `columns` columns, and moves `cursor` past
/// them. Where a row's elements do not lie side by side they are copied to `buffer`.
#define reduce_panel_rows CK_OF_DTYPE(reduce_panel_rows)
CK_APART void reduce_panel_rows(const stored *rows[REDUCE_ROWS], stored buffer[REDUCE_ROWS][REDUCE_BUFFER_ROW],
                                const stored *base, int64_t column_stride, int64_t columns, const ck_space *reduced,
                                ck_cursor *cursor, int64_t count) {
  for (int64_t r = 0; r < count; r++) {
    rows[r] = base + cursor->offset;
    ck_cursor_advance(reduced, cursor, 1);
  }
  if (column_stride == 1) return;
  // Column by column: the elements of a column are often neighbours in memory.
  for (int64_t c = 0; c < columns; c++) {
    for (int64_t r = 0; r < count; r++) buffer[r][c] = rows[r][c * column_stride];
  }
  for (int64_t r = 0; r < count; r++) rows[r] = buffer[r];
}

/// The elements at column `c` of `count` rows, combined.
#define reduce_rows CK_OF_DTYPE(reduce_rows)
CK_INLINE vf reduce_rows(reduce_op op, const stored *const rows[REDUCE_ROWS], int64_t count, int64_t c,
                               int64_t lanes, vf center) {
  if (count == REDUCE_ROWS && lanes == VF_LANES) {
    vf v[REDUCE_ROWS / 2];
    for (int r = 0; r < REDUCE_ROWS / 2; r++) {
      v[r] = reduce_pair(op, vf_load_stored(rows[2 * r] + c), vf_load_stored(rows[2 * r + 1] + c), center);
    }
    return reduce_combine(op, v[0], v[1]);
  }
  vf v[REDUCE_ROWS];
  for (int64_t r = 0; r < count; r++) {
    v[r] = lanes == VF_LANES ? vf_load_stored(rows[r] + c) : vf_load_stored_first(rows[r] + c, lanes);
  }
  // The same pairs as above: a column's result does not depend on the lane it falls into.
  for (int64_t r = 0; r + 1 < count; r += 2) v[r] = reduce_pair(op, v[r], v[r + 1], center);
  if (count % 2 == 1) v[count - 1] = reduce_element(op, reduce_identity(op), v[count - 1], center);
  for (int64_t step = 2; step < count; step *= 2) {
    for (int64_t r = 0; r + step < count; r += 2 * step) v[r] = reduce_combine(op, v[r], v[r + step]);
  }
  return v[0];
}

/// Reduces rows `range` of the reduced space to the outputs from `item` on, one for each of `columns` columns that
/// begin at `base` and lie `column_stride` apart. `centers` has one element for each, or is NULL for zeros.
#define reduce_panel CK_OF_DTYPE(reduce_panel)
CK_INLINE void reduce_panel(reduce_op op, void *out, int64_t item, const stored *base, int64_t column_stride,
                                int64_t columns, const ck_space *reduced, reduce_range range,
                                const real *centers) {
  _Alignas(64) real levels[REDUCE_PANEL_LEVELS][REDUCE_PANEL];
  _Alignas(64) stored buffer[REDUCE_ROWS][REDUCE_BUFFER_ROW];
  const stored *rows[REDUCE_ROWS];
  ck_cursor cursor = ck_cursor_at(reduced, range.first);
  const int top = REDUCE_PANEL_LEVELS - 1;
  int64_t groups = 0;
  for (int64_t first = range.first; first < range.last; first += REDUCE_ROWS, groups++) {
    int64_t count = range.last - first < REDUCE_ROWS ? range.last - first : REDUCE_ROWS;
    reduce_panel_rows(rows, buffer, base, column_stride, columns, reduced, &cursor, count);
    int level = __builtin_ctzll(~(uint64_t)groups);
    // The last level is never emptied: what reaches it when it is taken is combined with it in place.
    int carries = level < top ? level : top + (groups >> top != 0);
    if (level > top) level = top;
    for (int64_t c = 0; c < columns; c += VF_LANES) {
      int64_t lanes = columns - c < VF_LANES ? columns - c : VF_LANES;
      vf center = op == REDUCE_SQUARES ? vf_load_first(centers + c, lanes) : vf_zero();
      vf v = reduce_rows(op, rows, count, c, lanes, center);
      for (int l = 0; l < carries; l++) v = reduce_combine(op, vf_load(levels[l] + c), v);
      vf_store(levels[level] + c, v);
    }
  }
  int64_t taken = groups < (int64_t)1 << top ? groups : (groups & (((int64_t)1 << top) - 1)) | (int64_t)1 << top;
  for (int64_t c = 0; c < columns; c += VF_LANES) {
    vf total = reduce_identity(op);
    for (int l = 0; l <= top; l++) {
      if (taken >> l & 1) total = reduce_combine(op, vf_load(levels[l] + c), total);
    }
    reduce_store_lanes(op, out, item + c, total, columns - c < VF_LANES ? columns - c : VF_LANES);
  }
}
