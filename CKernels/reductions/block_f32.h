// Reducing contiguous blocks of float32, and bringing strided elements together into such blocks.
#ifndef CK_REDUCTIONS_BLOCK_F32_H
#define CK_REDUCTIONS_BLOCK_F32_H

#include "cascade.h"
#include "plan.h"

enum {
  /// Vectors in flight: enough to hide an addition's latency at two loads a cycle.
  REDUCE_STREAMS = 8,
  /// The most elements of a block. Each stream then adds 16 vectors one after the other, a chain as short as
  /// a cascade of a few levels.
  REDUCE_BLOCK = 16 * REDUCE_STREAMS * VF32_LANES,
};

/// The `count` elements at `p` reduced to one vector, in an order that `count` alone decides.
CK_INLINE vf32 reduce_block_f32(reduce_op op, const float *p, int64_t count, vf32 center) {
  vf32 total[REDUCE_STREAMS];
  for (int s = 0; s < REDUCE_STREAMS; s++) total[s] = reduce_identity_f32(op);
  int64_t i = 0;
  for (; i + REDUCE_STREAMS * VF32_LANES <= count; i += REDUCE_STREAMS * VF32_LANES) {
    for (int s = 0; s < REDUCE_STREAMS; s++) {
      total[s] = reduce_element_f32(op, total[s], vf32_load(p + i + s * VF32_LANES), center);
    }
  }
  // Streams are joined in pairs here, so that what remains adds to two chains only.
  for (int s = 0; s < 4; s++) total[s] = reduce_combine_f32(op, total[s], total[s + 4]);
  for (int s = 0; s < 2; s++) total[s] = reduce_combine_f32(op, total[s], total[s + 2]);
  for (; i + 2 * VF32_LANES <= count; i += 2 * VF32_LANES) {
    total[0] = reduce_element_f32(op, total[0], vf32_load(p + i), center);
    total[1] = reduce_element_f32(op, total[1], vf32_load(p + i + VF32_LANES), center);
  }
  if (i + VF32_LANES <= count) {
    total[0] = reduce_element_f32(op, total[0], vf32_load(p + i), center);
    i += VF32_LANES;
  }
  if (i < count) {
    vf32 tail = vf32_load_first(p + i, count - i);
    if (op != REDUCE_SUM) tail = vf32_select(vm32_first(count - i), tail, reduce_neutral_f32(op, center));
    total[1] = reduce_element_f32(op, total[1], tail, center);
  }
  return reduce_combine_f32(op, total[0], total[1]);
}

/// The `count` elements at `p` reduced, in an order that `count` alone decides.
CK_INLINE float reduce_row_f32(reduce_op op, const float *p, int64_t count, float center) {
  vf32 centers = vf32_set1(center);
  if (count <= REDUCE_BLOCK) return reduce_across_f32(op, reduce_block_f32(op, p, count, centers));
  reduce_cascade cascade;
  reduce_cascade_start(&cascade);
  for (int64_t i = 0; i < count; i += REDUCE_BLOCK) {
    int64_t length = count - i < REDUCE_BLOCK ? count - i : REDUCE_BLOCK;
    reduce_cascade_push(op, &cascade, reduce_block_f32(op, p + i, length, centers));
  }
  return reduce_across_f32(op, reduce_cascade_finish(op, &cascade));
}

/// Copies the next `count` elements of the reduced space to `buffer` and moves `cursor` past them.
static inline void reduce_gather_f32(float *buffer, const float *base, const ck_space *reduced, ck_cursor *cursor,
                                     int64_t count) {
  int64_t stride = ck_space_inner_stride(reduced);
  while (count > 0) {
    int64_t run = ck_cursor_run(reduced, cursor);
    if (run > count) run = count;
    const float *p = base + cursor->offset;
    if (stride == 1) {
      memcpy(buffer, p, (size_t)run * sizeof *p);
    } else {
      for (int64_t i = 0; i < run; i++) buffer[i] = p[i * stride];
    }
    ck_cursor_advance(reduced, cursor, run);
    buffer += run;
    count -= run;
  }
}

#endif
