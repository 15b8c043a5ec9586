// The product of few rows by a transposed B, computed as C^T = B^T · A^T: each item packs A, which is small, and reads
// its columns of B where they lie, one element after the other. `gemm_small` packs B, all of which is used for no more
// than A's few rows. Included for float32 and float64 by gemm.h.

enum {
  /// The rows of a register tile, in whole squares to be transposed.
  CK_OF_REAL(ck_gemm_turned_rows) = (CK_GEMM_ROWS + VF_LANES - 1) / VF_LANES * VF_LANES,
};

/// Writes a tile of C^T, rows CK_GEMM_COLUMNS apart, to `rows` rows of C from `c` on and to `columns` columns, of which
/// the first is the block's column `first`.
CK_INLINE void ck_gemm_store_turned(const ck_gemm_block *block, const real *tile, real *c, int64_t rows,
                                    int64_t first, int64_t columns, bool adds_bias, bool accumulates) {
  for (int64_t j = 0; j < columns; j += VF_LANES) {
    const int64_t lanes = columns - j < VF_LANES ? columns - j : VF_LANES;
    const vf bias =
        adds_bias ? vf_load_any(block->bias + (first + j) * block->bias_step, block->bias_step, lanes) : vf_zero();
    for (int64_t i = 0; i < rows; i += VF_LANES) {
      vf square[VF_LANES];
#pragma clang loop unroll(full)
      for (int l = 0; l < VF_LANES; l++) square[l] = vf_load(tile + (j + l) * CK_GEMM_COLUMNS + i);
      vf_transpose(square);
#pragma clang loop unroll(full)
      for (int l = 0; l < VF_LANES; l++) {
        // The index is constant after unrolling, which keeps the square in registers.
        if (i + l >= rows) continue;
        real *to = c + (i + l) * block->c_row + first + j;
        vf value = square[l];
        if (adds_bias) value = vf_add(value, bias);
        if (accumulates) value = vf_add(value, vf_load_first(to, lanes));
        vf_store_first(to, value, lanes);
      }
    }
  }
}

/// A block with all rows of A, of which `scratch` holds a depth block, packed.
static void ck_gemm_turned_block(const ck_gemm_block *block, int64_t depth_block, real *scratch) {
  // What no micro-kernel has written yet is transposed with the rest, and not stored.
  _Alignas(64) real tile[CK_OF_REAL(ck_gemm_turned_rows) * CK_GEMM_COLUMNS] = {0};
  const int64_t most = ck_gemm_even_rows(block->columns);
  int64_t first = 0;
  do {
    const int64_t depth = block->depth - first < depth_block ? block->depth - first : depth_block;
    const bool adds_bias = block->bias != NULL && first + depth == block->depth;
    for (int64_t i = 0; i < block->rows; i += CK_GEMM_COLUMNS) {
      const int64_t rows = block->rows - i < CK_GEMM_COLUMNS ? block->rows - i : CK_GEMM_COLUMNS;
      ck_gemm_pack_panel(scratch + i * depth, CK_GEMM_COLUMNS, block->a + i * block->a_row + first * block->a_step,
                         block->a_row, block->a_step, rows, depth);
    }
    for (int64_t j = 0; j < block->columns; j += most) {
      const int64_t columns = block->columns - j < most ? block->columns - j : most;
      for (int64_t i = 0; i < block->rows; i += CK_GEMM_COLUMNS) {
        const int64_t rows = block->rows - i < CK_GEMM_COLUMNS ? block->rows - i : CK_GEMM_COLUMNS;
        const int64_t vectors = (rows + VF_LANES - 1) / VF_LANES;
        const ck_gemm_micro call = {
            .depth = depth,
            .a = block->b + j * block->b_column + first * block->b_step,
            .a_row = block->b_column,
            .a_step = block->b_step,
            .b = scratch + i * depth,
            .b_step = CK_GEMM_COLUMNS,
            .c = tile,
            .c_row = CK_GEMM_COLUMNS,
            .columns = vectors * VF_LANES,
        };
        ck_gemm_micros[CK_GEMM_DIRECT][vectors - 1][columns - 1](&call);
        ck_gemm_store_turned(block, tile, block->c + i * block->c_row, rows, j, columns, adds_bias,
                             block->accumulates || first > 0);
      }
    }
    first += depth;
  } while (first < block->depth);
  ck_gemm_activate(block, 0, block->columns);
}

/// C[b,m,n] (+)= A[b,m,k] · B[b,k,n] (+ bias[n]), with A and B where they lie, and then C = f(C).
///
/// Operands, shape, integers, items, aliasing, NaN rule and error bound as for `gemm_…`, but for B, which has any strides
/// (batch, k, column), and the row block, which has all rows. Scratch holds a depth block of A, packed.
CK_TILE(gemm_turned, CK_DTYPE) {
  ck_gemm_block block;
  for (int64_t item = begin; item < end;) {
    item += ck_gemm_read_blocks(launch, item, end, false, &block);
    ck_gemm_turned_block(&block, launch->attributes.integers[3], scratch);
  }
}
