// The product with a packed B: the tile function that large products are made of. Included for each floating-point type
// by gemm.h.

/// Packs the rows of A from `first` to `first + depth` along k, `panel_rows` rows to a panel.
static void ck_gemm_pack_rows(real *packed, const ck_gemm_block *block, int64_t first, int64_t depth,
                              int64_t panel_rows) {
  enum { step_rows = 16 };
  const stored *a = block->a + first * block->a_step;
  // As in packing B: columns of A that are contiguous are read in long runs, over all the panels.
  const bool is_across = block->a_row == 1 && block->a_step != 1;
  const int64_t depth_step = is_across ? step_rows : depth;
  for (int64_t p = 0; p < depth; p += depth_step) {
    const int64_t part = depth - p < depth_step ? depth - p : depth_step;
    real *panel = packed + p * CK_GEMM_ROWS;
    for (int64_t i = 0; i < block->rows; i += panel_rows) {
      const int64_t rows = block->rows - i < panel_rows ? block->rows - i : panel_rows;
      const stored *source = a + p * block->a_step + i * block->a_row;
      // Going along several panels, what is stored behind the end of one part would fall on the next
      // part of the same panel, which is packed later, or behind the panel, which is packed already.
      ck_gemm_pack_panel(panel, CK_GEMM_ROWS, source, block->a_row, block->a_step, rows, part);
      panel += depth * CK_GEMM_ROWS + CK_GEMM_PANEL_GAP;
    }
  }
}

/// Stores a tile of C that a micro-kernel left in `tile`, rows CK_GEMM_COLUMNS apart.
CK_INLINE void ck_gemm_store_tile(const ck_gemm_block *block, const real *tile, stored *c, int64_t rows,
                                  int64_t columns) {
  for (int64_t i = 0; i < rows; i++, tile += CK_GEMM_COLUMNS, c += block->c_row) {
    for (int64_t j = 0; j < columns; j += VF_LANES) {
      const int64_t lanes = columns - j < VF_LANES ? columns - j : VF_LANES;
      vf v = vf_load_first(tile + j, lanes);
      if (block->accumulates) v = vf_add(v, vf_load_any(c + j, 1, lanes));
      vf_store_any(c + j, 1, v, lanes);
    }
  }
}

/// C[b,m,n] (+)= A[b,m,k] · B[b,k,n] (+ bias[n]), with B packed by `gemm_pack_…`, and then C = f(C) where the launch has
/// an activation.
///
/// Operands: C (strides batch, row; contiguous rows), A (strides batch, row, k; any), packed B (strides[0] =
/// from a batch to the next, 0 to share one; the others are not read), bias (strides[0] over n; data NULL for none).
/// Shape {batch, m, n, k}. integers: [0] whether C is added to, then row_block, column_block and depth_block of the
/// plan, [4] a ck_activation. Items are blocks of C, batch * ceil(m / row_block) * ceil(n / column_block), the column
/// block fastest.
/// Scratch holds a packed block of A. C may overlap nothing else. With k = 0 the product is zero.
/// NaN and infinities spread as the sum of products has them; a C that is not added to is never read.
/// Error: each element is, per depth block, one chain of multiply-adds in the order of k, and these are
/// added in order: at most k * 2^-24 * sum |a||b| in the first order, in float64 k * 2^-53, as for any order.
/// 16-bit elements are multiplied and added up as float32 and rounded once: their depth block is all of k, and the
/// packed B is float32. The activation gets what would be in C without it, and has the bits of its own kernel.
CK_TILE(gemm, CK_DTYPE) {
  const int64_t depth_block = launch->attributes.integers[3];
  real *packed_a = scratch;
  real bias_room[CK_GEMM_BIAS_ROOM];
  real tile[sizeof(stored) == sizeof(real) ? 1 : CK_GEMM_ROWS * CK_GEMM_COLUMNS];
  const bool converts = sizeof(stored) != sizeof(real);
  ck_gemm_block block;

  for (int64_t item = begin; item < end;) {
    item += ck_gemm_read_blocks(launch, item, end, true, &block);
    const int64_t panel_rows = ck_gemm_even_rows(block.rows);
    int64_t first = 0;
    do {
      const int64_t depth = block.depth - first < depth_block ? block.depth - first : depth_block;
      const bool is_last = first + depth == block.depth;
      ck_gemm_pack_rows(packed_a, &block, first, depth, panel_rows);
      // A panel of B is used for all rows while it is in the nearest cache; A's block streams by from the next.
      for (int64_t j = 0; j < block.columns; j += CK_GEMM_COLUMNS) {
        const int64_t columns = block.columns - j < CK_GEMM_COLUMNS ? block.columns - j : CK_GEMM_COLUMNS;
        const int64_t vectors = (columns + VF_LANES - 1) / VF_LANES;
        ck_gemm_micro call = {
            .depth = depth,
            .a = packed_a,
            .b = block.b + j * block.depth + first * CK_GEMM_COLUMNS,
            .c = converts ? tile : (real *)block.c + j,
            .c_row = converts ? CK_GEMM_COLUMNS : block.c_row,
            .bias = is_last && block.bias != NULL ? ck_gemm_bias(&block, j, columns, bias_room) : NULL,
            .columns = columns,
            .accumulates = !converts && (block.accumulates || first > 0),
        };
        const ck_gemm_micro_function *micros = ck_gemm_micros[CK_GEMM_PACKED][vectors - 1];
        for (int64_t i = 0; i < block.rows; i += panel_rows) {
          const int64_t rows = block.rows - i < panel_rows ? block.rows - i : panel_rows;
          micros[rows - 1](&call);
          call.a += depth * CK_GEMM_ROWS + CK_GEMM_PANEL_GAP;
          if (converts) {
            ck_gemm_store_tile(&block, tile, block.c + i * block.c_row + j, rows, columns);
          } else {
            call.c += panel_rows * block.c_row;
          }
        }
        if (is_last) ck_gemm_activate(&block, j, columns);
      }
      first += depth;
    } while (first < block.depth);
  }
}
