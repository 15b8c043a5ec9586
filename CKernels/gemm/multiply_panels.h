// The product of packed panels, for other families. Included for float32 and float64 by gemm.h.

void ck_gemm_multiply_panels(const ck_gemm_panels *panels) {
  // A panel of B is used for all rows while it is in the nearest cache; A streams by from the next.
  for (int64_t j = 0; j < panels->columns; j += CK_GEMM_COLUMNS) {
    const int64_t left = panels->columns - j, columns = left < CK_GEMM_COLUMNS ? left : CK_GEMM_COLUMNS;
    ck_gemm_micro call = {
        .depth = panels->depth,
        .a = panels->a,
        .b = (const real *)panels->b + j / CK_GEMM_COLUMNS * panels->b_panel,
        .c = (real *)panels->c + j,
        .c_row = panels->c_row,
        .columns = columns,
        .accumulates = panels->accumulates,
    };
    const ck_gemm_micro_function *micros = ck_gemm_micros[CK_GEMM_PACKED][(columns + VF_LANES - 1) / VF_LANES - 1];
    for (int64_t i = 0; i < panels->rows; i += panels->panel_rows) {
      const int64_t rows = panels->rows - i < panels->panel_rows ? panels->rows - i : panels->panel_rows;
      micros[rows - 1](&call);
      call.a += panels->a_panel;
      call.c += panels->panel_rows * panels->c_row;
    }
  }
}
