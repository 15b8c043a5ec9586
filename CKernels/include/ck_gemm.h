// What a caller must know of the matrix product to cut it into items: its blocking numbers.
#ifndef CK_GEMM_H
#define CK_GEMM_H

#include "ckernels.h"

/// How one product is cut. Depends on the ISA and on the shape alone, never on the number of threads.
typedef struct ck_gemm_plan {
  /// Whether B is packed by `gemm_pack_…` first and the product is `gemm_…`; `…` is the type.
  bool packs_b;
  /// Otherwise, whether the product is `gemm_turned_…`; if not, it is `gemm_small_…`. Both read A and B where they lie.
  bool turns;
  /// Rows of the panels that `gemm_…` packs of A, and columns of those that `gemm_pack_…` packs.
  int64_t panel_rows, panel_columns;
  /// Rows and columns of C in one item, and the depth of one pass over k.
  int64_t row_block, column_block, depth_block;
  /// Scratch that each thread of the product needs, in bytes.
  int64_t scratch_bytes;
} ck_gemm_plan;

/// A function that a product applies to every element of C once that is complete: in `integers[4]` of its launch.
/// Defined as the pointwise kernel of the same name, with the same bits. Its operations are not counted.
typedef enum ck_activation {
  CK_ACTIVATION_NONE,
  CK_ACTIVATION_RELU,
  CK_ACTIVATION_TANH,
  CK_ACTIVATION_SIGMOID,
  CK_ACTIVATION_GELU,
} ck_activation;

/// The plan for `batch` products of an m x k by a k x n matrix on `isa`, of elements of `element_bytes`: 4 for float32,
/// 8 for float64, 2 for float16 and bfloat16, whose B is always packed, as float32. `b_column_stride` is 1 when the
/// rows of B are contiguous.
ck_gemm_plan ck_gemm_make_plan(ck_isa isa, int64_t element_bytes, int64_t batch, int64_t m, int64_t n, int64_t k,
                               int64_t b_column_stride);

#endif
