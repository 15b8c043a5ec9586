// What the matrix product's own micro-kernel does when nothing keeps it waiting.
#ifndef CK_LIMITS_MICROKERNEL_RATE_H
#define CK_LIMITS_MICROKERNEL_RATE_H

/// C[item] = repeats times A · B, by the body of the full micro-kernel that packed products call.
///
/// Operands: C [items][rows][columns], a packed panel of A [depth][rows] and one of B [depth][columns], all dense;
/// C overlaps neither. Shape {items, repeats, rows, columns, depth}, where rows and columns are the plan's
/// panel_rows and panel_columns and repeats is at least 1. Each repeat but the first adds to C. Operations: twice
/// the product of the shape. Error and NaN rule as for `gemm_f32`.
CK_TILE(limit_microkernel, f32) {
  (void)scratch;
  const int64_t repeats = launch->shape[1], depth = launch->shape[4];
  for (int64_t item = begin; item < end; item++) {
    ck_gemm_micro call = {
        .depth = depth,
        .a = launch->operands[1].data,
        .b = launch->operands[2].data,
        .c = (float *)launch->operands[0].data + item * CK_GEMM_ROWS * CK_GEMM_COLUMNS,
        .c_row = CK_GEMM_COLUMNS,
        .columns = CK_GEMM_COLUMNS,
    };
    for (int64_t repeat = 0; repeat < repeats; repeat++) {
      ck_gemm_micro_body(&call, CK_GEMM_ROWS, CK_GEMM_VECTORS, CK_GEMM_PACKED);
      call.accumulates = true;
    }
  }
}

#endif
