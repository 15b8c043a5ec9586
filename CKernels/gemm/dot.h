// Dot products: rows of A by columns of B where both are contiguous along k and A has few rows, so that
// copying B into rows would cost more than it saves.

enum {
  /// The most rows of A that are multiplied this way.
  CK_GEMM_DOT_ROWS = 4,
  /// Columns of B taken together: a row of A is read once for them.
  CK_GEMM_DOT_COLUMNS = 4,
};

/// sums[j] = a · column j of B, for `columns` columns. Lane l holds the products of every element whose index
/// is l modulo the lanes (with one column: in two vectors by turns), and the lanes are added as a fixed tree.
CK_INLINE void ck_gemm_dots(const float *a, const float *b, int64_t b_column, int64_t depth, const int columns,
                            float *sums) {
  // Enough sums are under way to hide the latency of the multiply-add.
  enum { column_limit = CK_GEMM_DOT_COLUMNS, turn_limit = 4 };
  const int turns = columns == 1 ? 4 : 2;
  vf32 lanes[column_limit][turn_limit];
#pragma clang loop unroll(full)
  for (int j = 0; j < columns; j++) {
#pragma clang loop unroll(full)
    for (int t = 0; t < turns; t++) lanes[j][t] = vf32_zero();
  }
  int64_t p = 0;
  for (; p + turns * VF32_LANES <= depth; p += turns * VF32_LANES) {
#pragma clang loop unroll(full)
    for (int t = 0; t < turns; t++) {
      const vf32 a_part = vf32_load(a + p + t * VF32_LANES);
#pragma clang loop unroll(full)
      for (int j = 0; j < columns; j++) {
        lanes[j][t] = vf32_fma(a_part, vf32_load(b + j * b_column + p + t * VF32_LANES), lanes[j][t]);
      }
    }
  }
  for (; p + VF32_LANES <= depth; p += VF32_LANES) {
    const vf32 a_part = vf32_load(a + p);
#pragma clang loop unroll(full)
    for (int j = 0; j < columns; j++) lanes[j][0] = vf32_fma(a_part, vf32_load(b + j * b_column + p), lanes[j][0]);
  }
  if (p < depth) {
    const vf32 a_part = vf32_load_first(a + p, depth - p);
#pragma clang loop unroll(full)
    for (int j = 0; j < columns; j++) {
      lanes[j][1] = vf32_fma(a_part, vf32_load_first(b + j * b_column + p, depth - p), lanes[j][1]);
    }
  }
#pragma clang loop unroll(full)
  for (int j = 0; j < columns; j++) {
    vf32 sum = vf32_add(lanes[j][0], lanes[j][1]);
    if (turns == 4) sum = vf32_add(sum, vf32_add(lanes[j][2], lanes[j][3]));
    sums[j] = vf32_reduce_add(sum);
  }
}

static void ck_gemm_dot_block(const ck_gemm_block *block) {
  for (int64_t j = 0; j < block->columns; j += CK_GEMM_DOT_COLUMNS) {
    const int64_t left = block->columns - j, columns = left < CK_GEMM_DOT_COLUMNS ? left : CK_GEMM_DOT_COLUMNS;
    const float *b = block->b + j * block->b_column;
    for (int64_t i = 0; i < block->rows; i++) {
      const float *a = block->a + i * block->a_row;
      float sums[CK_GEMM_DOT_COLUMNS];
      if (columns == CK_GEMM_DOT_COLUMNS) {
        ck_gemm_dots(a, b, block->b_column, block->depth, CK_GEMM_DOT_COLUMNS, sums);
      } else {
        for (int64_t c = 0; c < columns; c++) ck_gemm_dots(a, b + c * block->b_column, 0, block->depth, 1, sums + c);
      }
      float *c = block->c + i * block->c_row + j;
      for (int64_t column = 0; column < columns; column++) {
        if (block->bias != NULL) sums[column] += block->bias[(j + column) * block->bias_step];
        c[column] = block->accumulates ? c[column] + sums[column] : sums[column];
      }
    }
  }
}
