// Dot products: rows of A by columns of B where both are contiguous along k and A has few rows, so that
// copying B into rows would cost more than it saves.

// Included for float32 and float64 by gemm.h.

/// sums[i][j] = row i of A · column j of B. Each product is summed in `turns` vectors that take whole vectors
/// of k by turns; these are added in order, and their lanes as a fixed tree.
CK_INLINE void ck_gemm_dots(const real *a, int64_t a_row, const real *b, int64_t b_column, int64_t depth,
                            const int rows, const int columns, real sums[][CK_GEMM_DOT_TILE_COLUMNS]) {
  enum { row_limit = CK_GEMM_DOT_TILE_ROWS, column_limit = CK_GEMM_DOT_TILE_COLUMNS, turn_limit = 4 };
  // Enough sums are under way to hide the latency of the multiply-add.
  const int turns = columns == 1 ? 4 : rows == 1 ? 2 : 1;
  vf lanes[row_limit][column_limit][turn_limit];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++) {
#pragma clang loop unroll(full)
    for (int j = 0; j < columns; j++) {
#pragma clang loop unroll(full)
      for (int t = 0; t < turns; t++) lanes[i][j][t] = vf_zero();
    }
  }
  int64_t p = 0;
  for (; p + turns * VF_LANES <= depth; p += turns * VF_LANES) {
#pragma clang loop unroll(full)
    for (int t = 0; t < turns; t++) {
      vf a_part[row_limit];
#pragma clang loop unroll(full)
      for (int i = 0; i < rows; i++) a_part[i] = vf_load(a + i * a_row + p + t * VF_LANES);
#pragma clang loop unroll(full)
      for (int j = 0; j < columns; j++) {
        const vf b_part = vf_load(b + j * b_column + p + t * VF_LANES);
#pragma clang loop unroll(full)
        for (int i = 0; i < rows; i++) lanes[i][j][t] = vf_fma(a_part[i], b_part, lanes[i][j][t]);
      }
    }
  }
  for (; p < depth; p += VF_LANES) {
    const int64_t count = depth - p < VF_LANES ? depth - p : VF_LANES;
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
      const vf a_part = vf_load_first(a + i * a_row + p, count);
#pragma clang loop unroll(full)
      for (int j = 0; j < columns; j++) {
        lanes[i][j][0] = vf_fma(a_part, vf_load_first(b + j * b_column + p, count), lanes[i][j][0]);
      }
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++) {
#pragma clang loop unroll(full)
    for (int j = 0; j < columns; j++) {
      vf sum = lanes[i][j][0];
#pragma clang loop unroll(full)
      for (int t = 1; t < turns; t++) sum = vf_add(sum, lanes[i][j][t]);
      sums[i][j] = vf_reduce_add(sum);
    }
  }
}

static void ck_gemm_dot_block(const ck_gemm_block *block) {
  enum { tile_rows = CK_GEMM_DOT_TILE_ROWS, tile_columns = CK_GEMM_DOT_TILE_COLUMNS };
  const int64_t a_row = block->a_row, b_column = block->b_column, depth = block->depth;
  for (int64_t j = 0; j < block->columns; j += tile_columns) {
    const int64_t left = block->columns - j, columns = left < tile_columns ? left : tile_columns;
    const real *b = block->b + j * b_column;
    for (int64_t i = 0; i < block->rows; i += tile_rows) {
      const int64_t rows = block->rows - i < tile_rows ? block->rows - i : tile_rows;
      const real *a = block->a + i * a_row;
      real sums[tile_rows][tile_columns];
      if (columns < tile_columns) {
        for (int64_t r = 0; r < rows; r++) {
          for (int64_t c = 0; c < columns; c++) {
            real one[1][tile_columns];
            ck_gemm_dots(a + r * a_row, 0, b + c * b_column, 0, depth, 1, 1, one);
            sums[r][c] = one[0][0];
          }
        }
      } else if (rows == tile_rows) {
        ck_gemm_dots(a, a_row, b, b_column, depth, tile_rows, tile_columns, sums);
      } else {
        ck_gemm_dots(a, 0, b, b_column, depth, 1, tile_columns, sums);
      }
      for (int64_t r = 0; r < rows; r++) {
        real *c = block->c + (i + r) * block->c_row + j;
        for (int64_t column = 0; column < columns; column++) {
          real value = sums[r][column];
          if (block->bias != NULL) value += block->bias[(j + column) * block->bias_step];
          c[column] = block->accumulates ? c[column] + value : value;
        }
      }
    }
  }
  ck_gemm_activate(block, 0, block->columns);
}
