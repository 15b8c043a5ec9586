// The product that reads A and B where they lie: for operands that are tiny or skinny, where packing would
// take as long as multiplying. Included for float32 and float64 by gemm.h.

/// Whether rows of A `stride` apart fall on so few sets of the nearest cache that a full micro-kernel's rows
/// would push each other out of it.
CK_INLINE bool ck_gemm_rows_collide(int64_t stride) { return stride != 0 && stride % 256 == 0; }

/// All rows of a block by a panel of B, `most_rows` at a time; `is_masked` if B's rows end within a vector.
CK_INLINE void ck_gemm_small_panel(ck_gemm_micro *call, int64_t block_rows, int64_t most_rows, bool is_masked) {
  const int64_t vectors = (call->columns + VF_LANES - 1) / VF_LANES;
  const ck_gemm_micro_function *micros =
      ck_gemm_micros[is_masked ? CK_GEMM_DIRECT_MASKED : CK_GEMM_DIRECT][vectors - 1];
  for (int64_t i = 0; i < block_rows; i += most_rows) {
    const int64_t rows = block_rows - i < most_rows ? block_rows - i : most_rows;
    micros[rows - 1](call);
    call->a += most_rows * call->a_row;
    call->c += most_rows * call->c_row;
  }
}

static void ck_gemm_small_block(const ck_gemm_block *block, int64_t depth_block, real *scratch) {
  int64_t most_rows = ck_gemm_even_rows(block->rows);
  if (CK_GEMM_ROWS > 8 && most_rows > 8 && ck_gemm_rows_collide(block->a_row)) {
    // Eight lines of one set is what a cache holds.
    const int64_t calls = (block->rows + 7) / 8;
    most_rows = (block->rows + calls - 1) / calls;
  }
  const bool is_direct = block->b_column == 1;
  const int64_t wide_columns =
      VF_LANES * (block->rows == 1 ? CK_GEMM_WIDE_VECTORS_ONE : CK_GEMM_WIDE_VECTORS_MORE);
  const bool may_be_wide = is_direct && block->rows <= CK_GEMM_WIDE_ROWS;
  real bias_room[CK_GEMM_BIAS_ROOM];

  int64_t first = 0;
  do {
    const int64_t depth = block->depth - first < depth_block ? block->depth - first : depth_block;
    const bool is_last = first + depth == block->depth;
    for (int64_t j = 0, columns; j < block->columns; j += columns) {
      const int64_t left = block->columns - j;
      const bool is_wide = may_be_wide && left >= wide_columns;
      columns = is_wide ? wide_columns : left < CK_GEMM_COLUMNS ? left : CK_GEMM_COLUMNS;
      ck_gemm_micro call = {
          .depth = depth,
          .a = block->a + first * block->a_step,
          .a_row = block->a_row,
          .a_step = block->a_step,
          .b = block->b + first * block->b_step + j * block->b_column,
          .b_step = block->b_step,
          .c = block->c + j,
          .c_row = block->c_row,
          .bias = is_last && block->bias != NULL ? ck_gemm_bias(block, j, columns, bias_room) : NULL,
          .columns = columns,
          .accumulates = block->accumulates || first > 0,
      };
      if (is_wide) {
        ck_gemm_wides[block->rows - 1](&call);
      } else {
        if (!is_direct) {
          call.b_step = (columns + VF_LANES - 1) / VF_LANES * VF_LANES;
          ck_gemm_pack_panel(scratch, call.b_step, call.b, block->b_column, block->b_step, columns, depth);
          call.b = scratch;
        }
        ck_gemm_small_panel(&call, block->rows, most_rows, is_direct && columns % VF_LANES != 0);
      }
      if (is_last) ck_gemm_activate(block, j, columns);
    }
    first += depth;
  } while (first < block->depth);
}

/// A column of C that is contiguous, as a row: C^T = B^T · A^T.
CK_INLINE void ck_gemm_turn(ck_gemm_block *block) {
  const ck_gemm_block old = *block;
  block->rows = 1;
  block->columns = old.rows;
  block->a = old.b;
  block->a_row = 0;
  block->a_step = old.b_step;
  block->b = old.a;
  block->b_step = old.a_step;
  block->b_column = old.a_row;
  block->bias_step = 0;
}

/// C[b,m,n] (+)= A[b,m,k] · B[b,k,n] (+ bias[n]), with B where it lies, and then C = f(C).
///
/// Operands, shape, integers, items, aliasing, NaN rule and error bound as for `gemm_…`, but for B, which
/// has any strides (batch, k, column). Scratch holds a packed panel of B.
CK_TILE(gemm_small, CK_DTYPE) {
  const int64_t depth_block = launch->attributes.integers[3];
  ck_gemm_block block;
  for (int64_t item = begin; item < end;) {
    item += ck_gemm_read_blocks(launch, item, end, false, &block);
    // How a block is multiplied hangs on the launch and on its rows, never on how many neighbouring
    // columns were asked for with it.
    const bool is_column = launch->shape[2] == 1;
    const bool is_element = is_column && block.rows == 1;
    if (is_column && block.rows > 1 && block.c_row == 1) ck_gemm_turn(&block);
    const bool has_few_rows = block.rows <= CK_GEMM_DOT_ROWS || is_column;
    if (has_few_rows && block.a_step == 1 && block.b_step == 1 && (block.b_column != 1 || is_element)) {
      ck_gemm_dot_block(&block);
    } else if (block.rows > CK_GEMM_DOT_ROWS && block.a_step == 1 && ck_gemm_is_skinny(launch->shape[2])) {
      ck_gemm_skinny_block(&block, depth_block, scratch);
    } else {
      // The stride of a single column is of no account.
      if (block.columns == 1) block.b_column = 1;
      ck_gemm_small_block(&block, depth_block, scratch);
    }
  }
}
