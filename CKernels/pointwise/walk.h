// How a range of a strided, row-major space is walked: row by row, where a row runs along the last dimension.
#ifndef CK_POINTWISE_WALK_H
#define CK_POINTWISE_WALK_H

/// A piece of one row: its first element, counted in the whole space, how many elements it has, and where it
/// starts in each operand, in elements.
typedef struct ck_row {
  int64_t first, count;
  int64_t offsets[4];
} ck_row;

// There are too few operands for vectors, which would fetch scattered numbers and be slow to start.
#define CK_EACH_OPERAND _Pragma("clang loop vectorize(disable)")

typedef void (*ck_row_function)(const ck_launch *launch, const ck_row *row, const void *context);

/// Calls `function` for every piece of a row in `begin ..< end`, in order. `operands`, at most 4, and
/// `function` are constants where speed matters, so that all of it becomes one loop nest.
CK_INLINE void ck_walk_rows(const ck_launch *launch, int64_t begin, int64_t end, int operands,
                            ck_row_function function, const void *context) {
  if (begin >= end) return;
  ck_row row;
  int64_t index[CK_MAX_RANK];
  int last = launch->rank - 1;
  row.first = begin;
  if (last <= 0) {
    // One row, or with rank 0 one element: the common case, and one that needs no division.
    row.count = end - begin;
    CK_EACH_OPERAND for (int o = 0; o < operands; o++) row.offsets[o] = last < 0 ? 0 : begin * launch->operands[o].strides[0];
  } else {
    CK_EACH_OPERAND for (int o = 0; o < operands; o++) row.offsets[o] = 0;
    int64_t rest = begin;
    for (int d = last; d >= 0; d--) {
      index[d] = rest % launch->shape[d];
      rest /= launch->shape[d];
      CK_EACH_OPERAND for (int o = 0; o < operands; o++) row.offsets[o] += index[d] * launch->operands[o].strides[d];
    }
    int64_t left_in_row = launch->shape[last] - index[last];
    row.count = end - begin < left_in_row ? end - begin : left_in_row;
  }
  for (;;) {
    function(launch, &row, context);
    row.first += row.count;
    if (row.first >= end) return;
    // To the start of the next row, as an odometer turns.
    CK_EACH_OPERAND for (int o = 0; o < operands; o++) row.offsets[o] -= index[last] * launch->operands[o].strides[last];
    index[last] = 0;
    for (int d = last - 1; d >= 0; d--) {
      index[d]++;
      CK_EACH_OPERAND for (int o = 0; o < operands; o++) row.offsets[o] += launch->operands[o].strides[d];
      if (index[d] < launch->shape[d]) break;
      CK_EACH_OPERAND for (int o = 0; o < operands; o++) row.offsets[o] -= index[d] * launch->operands[o].strides[d];
      index[d] = 0;
    }
    int64_t row_length = launch->shape[last];
    row.count = end - row.first < row_length ? end - row.first : row_length;
  }
}

/// The step along a row in an operand. A row of one element has no step; saying 1 puts it on the fast path.
CK_INLINE int64_t ck_row_step(const ck_launch *launch, const ck_row *row, int operand) {
  return row->count == 1 ? 1 : launch->operands[operand].strides[launch->rank - 1];
}

/// The row's first element in an operand of elements of `type`.
#define CK_ROW_START(type, operand) ((type *)launch->operands[operand].data + row->offsets[operand])

#endif
