// Sum, maximum and minimum of float32.
#ifndef CK_REDUCTIONS_REDUCE_F32_H
#define CK_REDUCTIONS_REDUCE_F32_H

#include "columns_f32.h"

/// Elements `range` of the reduced space that begins at `base`, whose innermost dimension is contiguous.
CK_INLINE float reduce_runs_f32(reduce_op op, const float *base, const ck_space *reduced, reduce_range range,
                                float center) {
  int64_t count = range.last - range.first;
  if (reduced->rank <= 1) return reduce_row_f32(op, base + range.first, count, center);
  vf32 centers = vf32_set1(center);
  reduce_cascade cascade;
  reduce_cascade_start(&cascade);
  ck_cursor cursor = ck_cursor_at(reduced, range.first);
  while (count > 0) {
    int64_t run = ck_cursor_run(reduced, &cursor);
    if (run > count) run = count;
    const float *p = base + cursor.offset;
    for (int64_t i = 0; i < run; i += REDUCE_BLOCK) {
      int64_t length = run - i < REDUCE_BLOCK ? run - i : REDUCE_BLOCK;
      reduce_cascade_push(op, &cascade, reduce_block_f32(op, p + i, length, centers));
    }
    ck_cursor_advance(reduced, &cursor, run);
    count -= run;
  }
  return reduce_across_f32(op, reduce_cascade_finish(op, &cascade));
}

/// Elements `range` of the reduced space that begins at `base`, whatever its strides.
CK_INLINE float reduce_gathered_f32(reduce_op op, const float *base, const ck_space *reduced, reduce_range range,
                                    float center) {
  float buffer[REDUCE_BLOCK];
  reduce_cascade cascade;
  reduce_cascade_start(&cascade);
  if (range.first >= range.last) return reduce_across_f32(op, reduce_identity_f32(op));
  ck_cursor cursor = ck_cursor_at(reduced, range.first);
  for (int64_t first = range.first; first < range.last; first += REDUCE_BLOCK) {
    int64_t length = range.last - first < REDUCE_BLOCK ? range.last - first : REDUCE_BLOCK;
    reduce_gather_f32(buffer, base, reduced, &cursor, length);
    reduce_cascade_push(op, &cascade, reduce_block_f32(op, buffer, length, vf32_set1(center)));
  }
  return reduce_across_f32(op, reduce_cascade_finish(op, &cascade));
}

CK_INLINE void reduce_items_f32(reduce_op op, const ck_launch *launch, int64_t begin, int64_t end) {
  if (begin >= end) return;
  float *out = launch->operands[0].data;
  const float *input = launch->operands[1].data;
  const float *centers = op == REDUCE_SQUARES ? launch->operands[2].data : NULL;
  reduce_plan plan = reduce_plan_make(launch);
  if (plan.reduced.count == 0) {
    for (int64_t item = begin; item < end; item++) out[item] = reduce_across_f32(op, reduce_identity_f32(op));
    return;
  }
  int64_t part = begin / plan.kept.count, kept = begin % plan.kept.count;
  ck_cursor cursor = ck_cursor_at(&plan.kept, kept);
  int64_t part_end = (part + 1) * plan.kept.count;
  for (int64_t item = begin; item < end;) {
    if (item == part_end) {
      part++;
      part_end += plan.kept.count;
      kept = 0;
    }
    float center = op == REDUCE_SQUARES ? centers[kept] : 0;
    const float *base = input + cursor.offset;
    reduce_range range = reduce_part(&plan, part);
    int64_t items = 1;
    if (plan.path == REDUCE_RUNS) {
      out[item] = reduce_runs_f32(op, base, &plan.reduced, range, center);
    } else if (plan.path == REDUCE_GATHERED) {
      out[item] = reduce_gathered_f32(op, base, &plan.reduced, range, center);
    } else {
      items = reduce_columns(&plan, item, end);
      reduce_panel_f32(op, out + item, base, ck_space_inner_stride(&plan.kept), items, &plan.reduced, range,
                       centers == NULL ? NULL : centers + kept);
    }
    item += items;
    kept += items;
    ck_cursor_advance(&plan.kept, &cursor, items);
  }
}

CK_INLINE void reduce_scale_f32(const ck_launch *launch, int64_t begin, int64_t end) {
  double scale = launch->attributes.numbers[0];
  if (scale == 1) return;
  float *out = launch->operands[0].data;
  for (int64_t item = begin; item < end; item++) out[item] = (float)(out[item] * scale);
}

/// The sum of each part, times numbers[0]. An empty part gives 0.
/// Error: at most (log2(n) + 20) * eps * sum(|x|) for n elements, eps = 2^-24; the product is taken in
/// double and adds one rounding. NaN: NaN, and infinities of both signs, give NaN.
CK_TILE(sum, f32) {
  (void)scratch;
  reduce_items_f32(REDUCE_SUM, launch, begin, end);
  reduce_scale_f32(launch, begin, end);
}

/// The sum of the squares of each part's elements less the output's centre, times numbers[0]. A third operand, dense,
/// holds the centres, one for each kept index. An empty part gives 0.
/// Error: at most (log2(n) + 22) * eps * the sum for n elements, eps = 2^-24; the product is taken in double and adds
/// one rounding. NaN: a NaN or an infinity among the elements or as the centre gives NaN, but for an infinity with a
/// finite centre or the reverse, which gives infinity.
CK_TILE(squares, f32) {
  (void)scratch;
  reduce_items_f32(REDUCE_SQUARES, launch, begin, end);
  reduce_scale_f32(launch, begin, end);
}

/// The greatest element of each part. NaN: a part that holds a NaN gives NaN. Exact.
CK_TILE(max, f32) {
  (void)scratch;
  reduce_items_f32(REDUCE_MAX, launch, begin, end);
}

/// The least element of each part. NaN: a part that holds a NaN gives NaN. Exact.
CK_TILE(min, f32) {
  (void)scratch;
  reduce_items_f32(REDUCE_MIN, launch, begin, end);
}

#endif
