// Sum, maximum and minimum of int64.
#ifndef CK_REDUCTIONS_REDUCE_I64_H
#define CK_REDUCTIONS_REDUCE_I64_H

#include "combine.h"
#include "plan.h"

CK_INLINE int64_t reduce_range_i64(reduce_op op, const int64_t *base, const ck_space *reduced,
                                   reduce_range range) {
  int64_t total = reduce_identity_i64(op);
  int64_t stride = ck_space_inner_stride(reduced);
  ck_cursor cursor = ck_cursor_at(reduced, range.first);
  for (int64_t count = range.last - range.first; count > 0;) {
    int64_t run = ck_cursor_run(reduced, &cursor);
    if (run > count) run = count;
    const int64_t *p = base + cursor.offset;
    if (stride == 1) {
      for (int64_t i = 0; i < run; i++) total = reduce_combine_i64(op, total, p[i]);
    } else {
      for (int64_t i = 0; i < run; i++) total = reduce_combine_i64(op, total, p[i * stride]);
    }
    ck_cursor_advance(reduced, &cursor, run);
    count -= run;
  }
  return total;
}

CK_INLINE void reduce_panel_i64(reduce_op op, int64_t *restrict out, const int64_t *base, int64_t column_stride,
                                int64_t columns, const ck_space *reduced, reduce_range range) {
  for (int64_t c = 0; c < columns; c++) out[c] = reduce_identity_i64(op);
  ck_cursor cursor = ck_cursor_at(reduced, range.first);
  for (int64_t r = range.first; r < range.last; r++) {
    const int64_t *restrict row = base + cursor.offset;
    if (column_stride == 1) {
      for (int64_t c = 0; c < columns; c++) out[c] = reduce_combine_i64(op, out[c], row[c]);
    } else {
      for (int64_t c = 0; c < columns; c++) out[c] = reduce_combine_i64(op, out[c], row[c * column_stride]);
    }
    ck_cursor_advance(reduced, &cursor, 1);
  }
}

CK_INLINE void reduce_items_i64(reduce_op op, const ck_launch *launch, int64_t begin, int64_t end) {
  if (begin >= end) return;
  int64_t *out = launch->operands[0].data;
  const int64_t *input = launch->operands[1].data;
  reduce_plan plan = reduce_plan_make(launch);
  if (plan.reduced.count == 0) {
    for (int64_t item = begin; item < end; item++) out[item] = reduce_identity_i64(op);
    return;
  }
  ck_cursor cursor = ck_cursor_at(&plan.kept, begin % plan.kept.count);
  for (int64_t item = begin; item < end;) {
    const int64_t *base = input + cursor.offset;
    reduce_range range = reduce_part(&plan, item / plan.kept.count);
    int64_t items = 1;
    if (plan.path == REDUCE_COLUMNS) {
      items = reduce_columns(&plan, &cursor, end - item);
      reduce_panel_i64(op, out + item, base, ck_space_inner_stride(&plan.kept), items, &plan.reduced, range);
    } else {
      out[item] = reduce_range_i64(op, base, &plan.reduced, range);
    }
    item += items;
    ck_cursor_advance(&plan.kept, &cursor, items);
  }
}

/// The sum of each part, wrapping. An empty part gives 0. Attributes beyond the family's: none.
CK_TILE(sum, i64) {
  (void)scratch;
  reduce_items_i64(REDUCE_SUM, launch, begin, end);
}

/// The greatest element of each part.
CK_TILE(max, i64) {
  (void)scratch;
  reduce_items_i64(REDUCE_MAX, launch, begin, end);
}

/// The least element of each part.
CK_TILE(min, i64) {
  (void)scratch;
  reduce_items_i64(REDUCE_MIN, launch, begin, end);
}

/// The product of each part, wrapping. An empty part gives 1.
CK_TILE(product, i64) {
  (void)scratch;
  reduce_items_i64(REDUCE_PRODUCT, launch, begin, end);
}

#endif
