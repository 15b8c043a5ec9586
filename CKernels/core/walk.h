// Walking strided spaces in row-major order, without a division for each step.
#ifndef CK_CORE_WALK_H
#define CK_CORE_WALK_H

#include "../include/ckernels.h"

/// Dimensions and, for one array, the step along each.
typedef struct ck_space {
  int32_t rank;
  int64_t count;
  int64_t shape[CK_MAX_RANK];
  int64_t strides[CK_MAX_RANK];
} ck_space;

/// A place in a space: its index along each dimension, and the element it lies at.
typedef struct ck_cursor {
  int64_t index[CK_MAX_RANK];
  int64_t offset;
} ck_cursor;

/// The space of `rank` dimensions without those of size one, and with neighbours joined wherever one step
/// of the outer is the whole of the inner. The row-major order of its elements is unchanged.
static inline ck_space ck_space_make(int32_t rank, const int64_t *shape, const int64_t *strides) {
  ck_space space = {.rank = 0, .count = 1};
  for (int32_t d = 0; d < rank; d++) {
    space.count *= shape[d];
    if (shape[d] == 1) continue;
    int32_t last = space.rank - 1;
    if (last >= 0 && space.strides[last] == shape[d] * strides[d]) {
      space.shape[last] *= shape[d];
      space.strides[last] = strides[d];
    } else {
      space.shape[space.rank] = shape[d];
      space.strides[space.rank] = strides[d];
      space.rank++;
    }
  }
  return space;
}

/// The size of the innermost dimension; 1 in a space without dimensions.
static inline int64_t ck_space_inner_count(const ck_space *space) {
  return space->rank > 0 ? space->shape[space->rank - 1] : 1;
}

/// The step along the innermost dimension; 0 in a space without dimensions.
static inline int64_t ck_space_inner_stride(const ck_space *space) {
  return space->rank > 0 ? space->strides[space->rank - 1] : 0;
}

/// The place of element `linear` of the row-major order. The space is not empty.
static inline ck_cursor ck_cursor_at(const ck_space *space, int64_t linear) {
  ck_cursor cursor = {.offset = 0};
  for (int32_t d = space->rank - 1; d >= 0; d--) {
    cursor.index[d] = linear % space->shape[d];
    linear /= space->shape[d];
    cursor.offset += cursor.index[d] * space->strides[d];
  }
  return cursor;
}

/// How many elements follow along the innermost dimension, this one included.
static inline int64_t ck_cursor_run(const ck_space *space, const ck_cursor *cursor) {
  return space->rank > 0 ? space->shape[space->rank - 1] - cursor->index[space->rank - 1] : 1;
}

/// Moves on by `steps` elements, no more than `ck_cursor_run` gives. Past the last element it comes back to
/// the first.
static inline void ck_cursor_advance(const ck_space *space, ck_cursor *cursor, int64_t steps) {
  int32_t d = space->rank - 1;
  if (d < 0) return;
  cursor->index[d] += steps;
  cursor->offset += steps * space->strides[d];
  while (cursor->index[d] == space->shape[d]) {
    cursor->offset -= space->shape[d] * space->strides[d];
    cursor->index[d] = 0;
    if (--d < 0) return;
    cursor->index[d]++;
    cursor->offset += space->strides[d];
  }
}

#endif
