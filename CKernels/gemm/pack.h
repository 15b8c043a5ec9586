// Packing B, panel after panel. Included for each floating-point type by gemm.h.

/// Packs B for `gemm`; 16-bit elements become float32.
///
/// Operands: packed (out, dense: [batch][panel][k][panel_columns], columns beyond n are zero), B (strides
/// batch, k, column; any). Shape {batch, k, n}. integers[0] = panel_columns of the plan. Items are panels,
/// batch * ceil(n / panel_columns). The output may not overlap B. Values are copied bit by bit, NaN too.
CK_TILE(gemm_pack, CK_DTYPE) {
  (void)scratch;
  enum { step_rows = 16 };
  const int64_t k = launch->shape[1], n = launch->shape[2], width = launch->attributes.integers[0];
  const int64_t panels = (n + width - 1) / width;
  const ck_operand *b = &launch->operands[1];
  const int64_t b_k = b->strides[1], b_column = b->strides[2];

  for (int64_t item = begin; item < end;) {
    const int64_t batch = item / panels, panel = item % panels;
    int64_t count = panels - panel < end - item ? panels - panel : end - item;
    const stored *source = (const stored *)b->data + batch * b->strides[0] + panel * width * b_column;
    real *packed = (real *)launch->operands[0].data + item * width * k;
    // Rows of B that lie contiguously are read a few at a time across all the panels asked for, so that
    // memory is read in long runs.
    const int64_t depth_step = b_column == 1 && b_k != 1 ? step_rows : k;
    for (int64_t p = 0; p < k; p += depth_step) {
      const int64_t depth = k - p < depth_step ? k - p : depth_step;
      for (int64_t j = 0; j < count; j++) {
        const int64_t left = n - (panel + j) * width;
        ck_gemm_pack_panel(packed + (j * k + p) * width, width, source + p * b_k + j * width * b_column, b_column, b_k,
                           left < width ? left : width, depth);
      }
    }
    item += count;
  }
}
