// Reducing float32 rows into one result for each column.
#ifndef CK_REDUCTIONS_COLUMNS_F32_H
#define CK_REDUCTIONS_COLUMNS_F32_H

#include "block_f32.h"

enum {
  /// Rows read together. Few enough for the hardware to follow each as a stream of its own.
  REDUCE_ROWS = 4,
  /// A gathered row's place in the buffer; not a power of two, so that rows do not compete for cache sets.
  REDUCE_BUFFER_ROW = REDUCE_PANEL + 16,
  /// Levels of the cascade of row groups. Beyond 2^19 groups the last level is a plain running result.
  REDUCE_PANEL_LEVELS = 20,
};

/// Finds the next `count` rows, at most REDUCE_ROWS, of a panel of `columns` columns, and moves `cursor` past
/// them. Where a row's elements do not lie side by side they are copied to `buffer`.
static inline void reduce_panel_rows_f32(const float *rows[REDUCE_ROWS], float buffer[REDUCE_ROWS][REDUCE_BUFFER_ROW],
                                         const float *base, int64_t column_stride, int64_t columns,
                                         const ck_space *reduced, ck_cursor *cursor, int64_t count) {
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
CK_INLINE vf32 reduce_rows_f32(reduce_op op, const float *const rows[REDUCE_ROWS], int64_t count, int64_t c,
                               int64_t lanes, vf32 center) {
  if (count == REDUCE_ROWS && lanes == VF32_LANES) {
    vf32 v[REDUCE_ROWS / 2];
    for (int r = 0; r < REDUCE_ROWS / 2; r++) {
      v[r] = reduce_pair_f32(op, vf32_load(rows[2 * r] + c), vf32_load(rows[2 * r + 1] + c), center);
    }
    return reduce_combine_f32(op, v[0], v[1]);
  }
  vf32 v[REDUCE_ROWS];
  for (int64_t r = 0; r < count; r++) {
    v[r] = lanes == VF32_LANES ? vf32_load(rows[r] + c) : vf32_load_first(rows[r] + c, lanes);
  }
  // The same pairs as above: a column's result does not depend on the lane it falls into.
  for (int64_t r = 0; r + 1 < count; r += 2) v[r] = reduce_pair_f32(op, v[r], v[r + 1], center);
  if (count % 2 == 1) v[count - 1] = reduce_element_f32(op, reduce_identity_f32(op), v[count - 1], center);
  for (int64_t step = 2; step < count; step *= 2) {
    for (int64_t r = 0; r + step < count; r += 2 * step) v[r] = reduce_combine_f32(op, v[r], v[r + step]);
  }
  return v[0];
}

/// Reduces rows `range` of the reduced space to `out`, one element for each of `columns` columns that begin
/// at `base` and lie `column_stride` apart. `centers` has one element for each, or is NULL for zeros.
CK_INLINE void reduce_panel_f32(reduce_op op, float *out, const float *base, int64_t column_stride,
                                int64_t columns, const ck_space *reduced, reduce_range range,
                                const float *centers) {
  _Alignas(64) float levels[REDUCE_PANEL_LEVELS][REDUCE_PANEL];
  _Alignas(64) float buffer[REDUCE_ROWS][REDUCE_BUFFER_ROW];
  const float *rows[REDUCE_ROWS];
  ck_cursor cursor = ck_cursor_at(reduced, range.first);
  const int top = REDUCE_PANEL_LEVELS - 1;
  int64_t groups = 0;
  for (int64_t first = range.first; first < range.last; first += REDUCE_ROWS, groups++) {
    int64_t count = range.last - first < REDUCE_ROWS ? range.last - first : REDUCE_ROWS;
    reduce_panel_rows_f32(rows, buffer, base, column_stride, columns, reduced, &cursor, count);
    int level = __builtin_ctzll(~(uint64_t)groups);
    // The last level is never emptied: what reaches it when it is taken is combined with it in place.
    int carries = level < top ? level : top + (groups >> top != 0);
    if (level > top) level = top;
    for (int64_t c = 0; c < columns; c += VF32_LANES) {
      int64_t lanes = columns - c < VF32_LANES ? columns - c : VF32_LANES;
      vf32 center = op == REDUCE_SQUARES ? vf32_load_first(centers + c, lanes) : vf32_zero();
      vf32 v = reduce_rows_f32(op, rows, count, c, lanes, center);
      for (int l = 0; l < carries; l++) v = reduce_combine_f32(op, vf32_load(levels[l] + c), v);
      vf32_store(levels[level] + c, v);
    }
  }
  int64_t taken = groups < (int64_t)1 << top ? groups : (groups & (((int64_t)1 << top) - 1)) | (int64_t)1 << top;
  for (int64_t c = 0; c < columns; c += VF32_LANES) {
    vf32 total = reduce_identity_f32(op);
    for (int l = 0; l <= top; l++) {
      if (taken >> l & 1) total = reduce_combine_f32(op, vf32_load(levels[l] + c), total);
    }
    vf32_store_first(out + c, total, columns - c < VF32_LANES ? columns - c : VF32_LANES);
  }
}

#endif
