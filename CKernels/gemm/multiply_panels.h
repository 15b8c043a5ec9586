// Products for other families: of packed panels, and of runs of operands where they lie. Included for float32 and float64 by gemm.h.

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

void ck_gemm_multiply_runs(const ck_gemm_runs *product) {
  const int64_t step = ck_gemm_even_rows(product->rows);
  for (int64_t j = 0; j < product->columns; j += CK_GEMM_COLUMNS) {
    const int64_t left = product->columns - j, columns = left < CK_GEMM_COLUMNS ? left : CK_GEMM_COLUMNS;
    ck_gemm_micro call = {
        .depth = product->depth,
        .a = product->a,
        .a_row = product->a_row,
        .a_step = product->a_step,
        .b = (const real *)product->b + j / CK_GEMM_COLUMNS * product->b_panel,
        .b_step = product->b_step,
        .runs = product->runs,
        .run_count = product->run_count,
        .c = (real *)product->c + j,
        .c_row = product->c_row,
        .columns = columns,
        .accumulates = product->accumulates,
    };
    const ck_gemm_micro_function *micros = ck_gemm_micros[CK_GEMM_RUNS][(columns + VF_LANES - 1) / VF_LANES - 1];
    for (int64_t i = 0; i < product->rows; i += step) {
      const int64_t rows = product->rows - i < step ? product->rows - i : step;
      micros[rows - 1](&call);
      call.a += step * product->a_row;
      call.c += step * product->c_row;
    }
  }
}
