// What the indexing kernels share.
#ifndef CK_INDEXING_INDEX_H
#define CK_INDEXING_INDEX_H

#include "../core/walk.h"

/// The place that `index` names on an axis of `extent` elements.
static inline int64_t index_resolve(int64_t index, int64_t extent) { return index < 0 ? index + extent : index; }

/// Rows of three operands walked together: the element at which each one's row begins.
typedef struct index_rows {
  const ck_launch *launch;
  int64_t index[CK_MAX_RANK];
  int64_t offsets[3];
} index_rows;

/// The row `row` of the space of all dimensions but the last.
static inline index_rows index_rows_at(const ck_launch *launch, int64_t row) {
  index_rows rows = {.launch = launch};
  for (int32_t d = launch->rank - 2; d >= 0; d--) {
    rows.index[d] = row % launch->shape[d];
    row /= launch->shape[d];
    for (int o = 0; o < 3; o++) rows.offsets[o] += rows.index[d] * launch->operands[o].strides[d];
  }
  return rows;
}

/// Moves on to the next row. Past the last it comes back to the first.
static inline void index_rows_next(index_rows *rows) {
  const ck_launch *launch = rows->launch;
  for (int32_t d = launch->rank - 2; d >= 0; d--) {
    for (int o = 0; o < 3; o++) rows->offsets[o] += launch->operands[o].strides[d];
    if (++rows->index[d] < launch->shape[d]) return;
    rows->index[d] = 0;
    for (int o = 0; o < 3; o++) rows->offsets[o] -= launch->shape[d] * launch->operands[o].strides[d];
  }
}

#endif
