// Where the maximum or minimum of int64 lies.
#ifndef CK_REDUCTIONS_ARGUMENT_I64_H
#define CK_REDUCTIONS_ARGUMENT_I64_H

#include "reduce_i64.h"

CK_INLINE bool argument_is_better_i64(reduce_op op, int64_t a, int64_t b) {
  return op == REDUCE_MAX ? a > b : a < b;
}

/// One output: the extremum is found first, then the first element that equals it.
CK_INLINE int64_t argument_row_i64(reduce_op op, const int64_t *base, const ck_space *reduced) {
  int64_t best = reduce_range_i64(op, base, reduced, (reduce_range){0, reduced->count});
  int64_t stride = ck_space_inner_stride(reduced);
  ck_cursor cursor = ck_cursor_at(reduced, 0);
  for (int64_t first = 0;;) {
    int64_t run = ck_cursor_run(reduced, &cursor);
    const int64_t *p = base + cursor.offset;
    for (int64_t i = 0; i < run; i++) {
      if (p[i * stride] == best) return first + i;
    }
    ck_cursor_advance(reduced, &cursor, run);
    first += run;
  }
}

CK_INLINE void argument_panel_i64(reduce_op op, int64_t *restrict out, const int64_t *base,
                                  int64_t column_stride, int64_t columns, const ck_space *reduced) {
  int64_t best[REDUCE_PANEL];
  ck_cursor cursor = ck_cursor_at(reduced, 0);
  for (int64_t c = 0; c < columns; c++) {
    best[c] = base[c * column_stride];
    out[c] = 0;
  }
  for (int64_t r = 1; r < reduced->count; r++) {
    ck_cursor_advance(reduced, &cursor, 1);
    const int64_t *restrict row = base + cursor.offset;
    if (column_stride == 1) {
      for (int64_t c = 0; c < columns; c++) {
        bool is_better = argument_is_better_i64(op, row[c], best[c]);
        best[c] = is_better ? row[c] : best[c];
        out[c] = is_better ? r : out[c];
      }
    } else {
      for (int64_t c = 0; c < columns; c++) {
        bool is_better = argument_is_better_i64(op, row[c * column_stride], best[c]);
        best[c] = is_better ? row[c * column_stride] : best[c];
        out[c] = is_better ? r : out[c];
      }
    }
  }
}

CK_INLINE void argument_items_i64(reduce_op op, const ck_launch *launch, int64_t begin, int64_t end) {
  if (begin >= end) return;
  int64_t *out = launch->operands[0].data;
  const int64_t *input = launch->operands[1].data;
  reduce_plan plan = reduce_plan_make(launch);
  ck_cursor cursor = ck_cursor_at(&plan.kept, begin);
  for (int64_t item = begin; item < end;) {
    const int64_t *base = input + cursor.offset;
    int64_t items = 1;
    if (plan.path == REDUCE_COLUMNS) {
      items = reduce_columns(&plan, &cursor, end - item);
      argument_panel_i64(op, out + item, base, ck_space_inner_stride(&plan.kept), items, &plan.reduced);
    } else {
      out[item] = argument_row_i64(op, base, &plan.reduced);
    }
    item += items;
    ck_cursor_advance(&plan.kept, &cursor, items);
  }
}

/// The index (in the row-major reduced space) of each output's greatest element, the first of equals.
/// There is one part, and the reduced space is not empty.
CK_TILE(argmax, i64) {
  (void)scratch;
  argument_items_i64(REDUCE_MAX, launch, begin, end);
}

/// The index (in the row-major reduced space) of each output's least element, the first of equals.
/// There is one part, and the reduced space is not empty.
CK_TILE(argmin, i64) {
  (void)scratch;
  argument_items_i64(REDUCE_MIN, launch, begin, end);
}

#endif
