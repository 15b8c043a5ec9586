// Where the maximum or minimum of float32 lies.
#ifndef CK_REDUCTIONS_ARGUMENT_F32_H
#define CK_REDUCTIONS_ARGUMENT_F32_H

#include "columns_f32.h"

/// The first place of `value`, which is among the `count` elements at `p`; a NaN stands for any NaN.
CK_INLINE int64_t argument_find_f32(const float *p, int64_t count, float value) {
  vf32 sought = vf32_set1(value);
  bool seeks_nan = value != value;
  int64_t i = 0;
  for (; i + VF32_LANES < count; i += VF32_LANES) {
    vf32 v = vf32_load(p + i);
    if (vm32_any(seeks_nan ? vf32_is_nan(v) : vf32_eq(v, sought))) break;
  }
  // It lies in this vector or, being certainly there, in the last one.
  while (seeks_nan ? p[i] == p[i] : p[i] != value) i++;
  return i;
}

/// One output: the blocks' extrema are compared first, and only the block that won is searched.
CK_INLINE int64_t argument_row_f32(reduce_op op, const float *base, const ck_space *reduced) {
  float buffer[REDUCE_BLOCK];
  bool gathers = reduced->rank > 1 || (reduced->rank == 1 && reduced->strides[0] != 1);
  float best = 0;
  int64_t best_first = 0;
  ck_cursor cursor = ck_cursor_at(reduced, 0), best_cursor = cursor;
  for (int64_t first = 0; first < reduced->count && best == best; first += REDUCE_BLOCK) {
    int64_t length = reduced->count - first < REDUCE_BLOCK ? reduced->count - first : REDUCE_BLOCK;
    ck_cursor here = cursor;
    const float *block = base + first;
    if (gathers) {
      reduce_gather_f32(buffer, base, reduced, &cursor, length);
      block = buffer;
    }
    float extremum = reduce_across_f32(op, reduce_block_f32(op, block, length, vf32_zero()));
    bool is_better = op == REDUCE_MAX ? !(extremum <= best) : !(extremum >= best);
    if (first == 0 || is_better) {
      best = extremum;
      best_first = first;
      best_cursor = here;
    }
  }
  int64_t length = reduced->count - best_first < REDUCE_BLOCK ? reduced->count - best_first : REDUCE_BLOCK;
  const float *block = base + best_first;
  if (gathers) {
    reduce_gather_f32(buffer, base, reduced, &best_cursor, length);
    block = buffer;
  }
  return best_first + argument_find_f32(block, length, best);
}

/// Neighbouring outputs: each lane keeps its best element and the row it came from.
CK_INLINE void argument_panel_f32(reduce_op op, int64_t *out, const float *base, int64_t column_stride,
                                  int64_t columns, const ck_space *reduced) {
  _Alignas(64) float best[REDUCE_PANEL];
  _Alignas(64) int32_t best_row[REDUCE_PANEL];
  _Alignas(64) float buffer[REDUCE_ROWS][REDUCE_BUFFER_ROW];
  const float *rows[REDUCE_ROWS];
  // Rows are counted in 32 bits from the start of a chunk, and -1 says that the chunk brought nothing better.
  const int64_t chunk_rows = (int64_t)1 << 30;
  for (int64_t c = 0; c < columns; c += VF32_LANES) vf32_store(best + c, reduce_identity_f32(op));
  for (int64_t c = 0; c < columns; c++) out[c] = 0;
  ck_cursor cursor = ck_cursor_at(reduced, 0);
  for (int64_t chunk = 0; chunk < reduced->count; chunk += chunk_rows) {
    int64_t chunk_end = reduced->count - chunk < chunk_rows ? reduced->count : chunk + chunk_rows;
    for (int64_t c = 0; c < columns; c += VF32_LANES) vi32_store(best_row + c, vi32_set1(-1));
    for (int64_t first = chunk; first < chunk_end; first += REDUCE_ROWS) {
      int64_t count = chunk_end - first < REDUCE_ROWS ? chunk_end - first : REDUCE_ROWS;
      reduce_panel_rows_f32(rows, buffer, base, column_stride, columns, reduced, &cursor, count);
      for (int64_t c = 0; c < columns; c += VF32_LANES) {
        int64_t lanes = columns - c < VF32_LANES ? columns - c : VF32_LANES;
        vf32 kept = vf32_load(best + c);
        vf32 kept_row = vi32_as_vf32(vi32_load(best_row + c));
        for (int64_t r = 0; r < count; r++) {
          vf32 v = lanes == VF32_LANES ? vf32_load(rows[r] + c) : vf32_load_first(rows[r] + c, lanes);
          // Better, or the first NaN.
          vm32 is_worse = op == REDUCE_MAX ? vf32_le(v, kept) : vf32_ge(v, kept);
          vm32 is_settled = vm32_or(is_worse, vf32_is_nan(kept));
          kept = vf32_select(is_settled, kept, v);
          kept_row = vf32_select(is_settled, kept_row, vi32_as_vf32(vi32_set1((int32_t)(first - chunk + r))));
        }
        vf32_store(best + c, kept);
        vi32_store(best_row + c, vf32_as_vi32(kept_row));
      }
    }
    for (int64_t c = 0; c < columns; c++) {
      if (best_row[c] >= 0) out[c] = chunk + best_row[c];
    }
  }
}

CK_INLINE void argument_items_f32(reduce_op op, const ck_launch *launch, int64_t begin, int64_t end) {
  if (begin >= end) return;
  int64_t *out = launch->operands[0].data;
  const float *input = launch->operands[1].data;
  reduce_plan plan = reduce_plan_make(launch);
  ck_cursor cursor = ck_cursor_at(&plan.kept, begin);
  for (int64_t item = begin; item < end;) {
    const float *base = input + cursor.offset;
    int64_t items = 1;
    if (plan.path == REDUCE_COLUMNS) {
      items = reduce_columns(&plan, item, end);
      argument_panel_f32(op, out + item, base, ck_space_inner_stride(&plan.kept), items, &plan.reduced);
    } else {
      out[item] = argument_row_f32(op, base, &plan.reduced);
    }
    item += items;
    ck_cursor_advance(&plan.kept, &cursor, items);
  }
}

/// The index (int64, in the row-major reduced space) of each output's greatest element, the first of equals.
/// There is one part, and the reduced space is not empty. NaN: the first NaN counts as the greatest.
CK_TILE(argmax, f32) {
  (void)scratch;
  argument_items_f32(REDUCE_MAX, launch, begin, end);
}

/// The index (int64, in the row-major reduced space) of each output's least element, the first of equals.
/// There is one part, and the reduced space is not empty. NaN: the first NaN counts as the least.
CK_TILE(argmin, f32) {
  (void)scratch;
  argument_items_f32(REDUCE_MIN, launch, begin, end);
}

#endif
