// The product of packed panels as other families call it: the micro-kernels are compiled once for each instruction set,
// with the matrix product.
#ifndef CK_GEMM_PANELS_H
#define CK_GEMM_PANELS_H

#include "run.h"

/// C[rows, columns] (+)= A[rows, depth] · B[depth, columns], of float32 or float64.
///
/// Panels of A hold CK_GEMM_ROWS elements for each k, of which the first `panel_rows` are rows, in the last panel
/// perhaps fewer; panels of B hold CK_GEMM_COLUMNS. Both are aligned as their elements are, and the vectors in which B's
/// columns end are readable to their ends. C is written in its own elements alone, and read only if it is added to.
/// Every element is one chain of multiply-adds in the order of k, which is then added to what there was.
typedef struct ck_gemm_panels {
  const void *a, *b;
  /// From a panel to the next, in elements.
  int64_t a_panel, b_panel;
  int64_t panel_rows;
  int64_t rows, columns, depth;
  void *c;
  int64_t c_row;
  bool accumulates;
} ck_gemm_panels;

/// C[rows, columns] (+)= A · B, where k goes through `run_count` runs of both operands where they lie.
///
/// `a_row` leads from a row of A to the next, `a_step` and `b_step` from a step of k to the next within a run. Rows of B are
/// contiguous, CK_GEMM_COLUMNS of them at a time `b_panel` apart, and readable to the ends of their vectors; all else is as
/// for `ck_gemm_panels`, and so are the sums.
typedef struct ck_gemm_runs {
  const void *a, *b;
  int64_t a_row, a_step, b_step, b_panel;
  const ck_gemm_run *runs;
  int64_t run_count, depth;
  int64_t rows, columns;
  void *c;
  int64_t c_row;
  bool accumulates;
} ck_gemm_runs;

#define ck_gemm_multiply_panels CK_OF_ISA(CK_OF_REAL(ck_gemm_multiply_panels))
#define ck_gemm_multiply_panels_32 CK_OF_ISA(ck_gemm_multiply_panels_32)
#define ck_gemm_multiply_panels_64 CK_OF_ISA(ck_gemm_multiply_panels_64)
void ck_gemm_multiply_panels_32(const ck_gemm_panels *panels);
void ck_gemm_multiply_panels_64(const ck_gemm_panels *panels);
#undef ck_gemm_multiply_panels_32
#undef ck_gemm_multiply_panels_64

#define ck_gemm_multiply_runs CK_OF_ISA(CK_OF_REAL(ck_gemm_multiply_runs))
#define ck_gemm_multiply_runs_32 CK_OF_ISA(ck_gemm_multiply_runs_32)
#define ck_gemm_multiply_runs_64 CK_OF_ISA(ck_gemm_multiply_runs_64)
void ck_gemm_multiply_runs_32(const ck_gemm_runs *product);
void ck_gemm_multiply_runs_64(const ck_gemm_runs *product);
#undef ck_gemm_multiply_runs_32
#undef ck_gemm_multiply_runs_64

#endif
