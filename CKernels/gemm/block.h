// What the packed and the unpacked product share: how a launch is read and cut, and the epilogue's bias. Included for
// each floating-point type by gemm.h.

/// A matrix product as its launch describes it, for one block of C.
typedef struct ck_gemm_block {
  int64_t rows, columns, depth;
  const stored *a;
  int64_t a_row, a_step;
  /// B at this block's first column; for the packed product, the panel of that column.
  const real *b;
  int64_t b_step, b_column;
  stored *c;
  int64_t c_row;
  /// The bias of this block's first column, NULL for none, and the step to the next column's.
  const stored *bias;
  int64_t bias_step;
  bool accumulates;
  ck_activation activation;
} ck_gemm_block;

/// Describes the blocks of C from `item` up to the end of its row of blocks or `end`, whichever is first:
/// neighbouring column blocks of the same rows are computed in one go. Returns how many there are.
CK_INLINE int64_t ck_gemm_read_blocks(const ck_launch *launch, int64_t item, int64_t end, bool is_packed,
                                      ck_gemm_block *block) {
  const int64_t m = launch->shape[1], n = launch->shape[2];
  const int64_t row_block = launch->attributes.integers[1], column_block = launch->attributes.integers[2];
  const ck_operand *c = &launch->operands[0], *a = &launch->operands[1], *b = &launch->operands[2];
  const ck_operand *bias = &launch->operands[3];

  int64_t batch = 0, row = 0, column = 0, count = 1;
  // One item is most often the whole launch: dividing would take longer than a tiny product itself.
  if (item > 0 || end > 1) {
    const int64_t row_blocks = (m + row_block - 1) / row_block;
    const int64_t column_blocks = (n + column_block - 1) / column_block;
    const int64_t block_row = item / column_blocks;
    count = (block_row + 1) * column_blocks < end ? (block_row + 1) * column_blocks - item : end - item;
    batch = block_row / row_blocks;
    row = (block_row - batch * row_blocks) * row_block;
    column = (item - block_row * column_blocks) * column_block;
  }
  block->rows = m - row < row_block ? m - row : row_block;
  block->columns = n - column < count * column_block ? n - column : count * column_block;
  block->depth = launch->shape[3];
  block->a = (const stored *)a->data + batch * a->strides[0] + row * a->strides[1];
  block->a_row = a->strides[1];
  block->a_step = a->strides[2];
  block->b = (const real *)b->data + batch * b->strides[0];
  if (is_packed) {
    block->b += column * block->depth;
    block->b_step = CK_GEMM_COLUMNS;
    block->b_column = 1;
  } else {
    block->b += column * b->strides[2];
    block->b_step = b->strides[1];
    block->b_column = b->strides[2];
  }
  block->c = (stored *)c->data + batch * c->strides[0] + row * c->strides[1] + column;
  block->c_row = c->strides[1];
  block->bias_step = bias->strides[0];
  block->bias = bias->data != NULL ? (const stored *)bias->data + column * bias->strides[0] : NULL;
  block->accumulates = launch->attributes.integers[0] != 0;
  block->activation = (ck_activation)launch->attributes.integers[4];
  return count;
}

/// The bias of `columns` columns from `first` on, in whole vectors as micro-kernels read it; `room` holds
/// them where they do not lie so.
CK_INLINE const real *ck_gemm_bias(const ck_gemm_block *block, int64_t first, int64_t columns,
                                    real room[CK_GEMM_BIAS_ROOM]) {
  const stored *bias = block->bias + first * block->bias_step;
  const bool is_real = sizeof(stored) == sizeof(real);
  if (is_real && block->bias_step == 1 && columns % VF_LANES == 0) return (const real *)bias;
  int64_t j = 0;
  for (; j < columns; j++) room[j] = real_of_stored(bias[j * block->bias_step]);
  for (; j % VF_LANES != 0; j++) room[j] = 0;
  return room;
}
_Static_assert(CK_GEMM_BIAS_ROOM >= CK_GEMM_WIDE_VECTORS_ONE * VF_LANES && CK_GEMM_BIAS_ROOM >= CK_GEMM_COLUMNS,
               "the bias of any micro-kernel has room");
