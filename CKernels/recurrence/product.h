// A product of a few rows of states with packed weights. Included for float32 and float64.

/// C[rows, columns] = A[rows, depth] · B[depth, columns], where B lies in panels of `panel_columns` columns, zeros behind
/// the last, and C has room for whole vectors. Rows of A are contiguous.
static void recurrence_product(real *c, int64_t c_row, const real *a, int64_t a_row, const real *b, int64_t panel_columns,
                               int64_t rows, int64_t columns, int64_t depth) {
  const int64_t panel_vectors = panel_columns / VF_LANES;
  const bool is_wide = rows <= CK_GEMM_WIDE_ROWS &&
                       panel_vectors == (rows == 1 ? CK_GEMM_WIDE_VECTORS_ONE : CK_GEMM_WIDE_VECTORS_MORE);
  const int64_t even_rows = ck_gemm_even_rows(rows);
  ck_gemm_micro call = {.depth = depth, .a_row = a_row, .a_step = 1, .b_step = panel_columns, .c_row = c_row};
  for (int64_t first = 0; first < columns; first += panel_columns, b += depth * panel_columns) {
    const int64_t left = columns - first < panel_columns ? columns - first : panel_columns;
    const int64_t all = (left + VF_LANES - 1) / VF_LANES;
    if (is_wide && all == panel_vectors) {
      call.a = a;
      call.b = b;
      call.c = c + first;
      call.columns = panel_columns;
      ck_gemm_wides[rows - 1](&call);
      continue;
    }
    for (int64_t v = 0; v < all; v += CK_GEMM_VECTORS) {
      const int64_t vectors = all - v < CK_GEMM_VECTORS ? all - v : CK_GEMM_VECTORS;
      call.b = b + v * VF_LANES;
      call.columns = vectors * VF_LANES;
      for (int64_t i = 0; i < rows; i += even_rows) {
        const int64_t part = rows - i < even_rows ? rows - i : even_rows;
        call.a = a + i * a_row;
        call.c = c + i * c_row + first + v * VF_LANES;
        ck_gemm_micros[CK_GEMM_DIRECT][vectors - 1][part - 1](&call);
      }
    }
  }
}
