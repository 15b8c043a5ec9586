// How a matrix product is cut: with or without packing, and into which blocks. Everything that depends on
// the kind of CPU is a number in one table.
#include "../include/ckernels.h"
#include "shapes.h"

/// The numbers of one ISA.
typedef struct ck_gemm_numbers {
  /// The micro-kernel's rows and columns.
  int64_t rows, columns;
  /// The most rows, columns and depth of a block: `row_block` by `depth_block` of A stay in the second-level
  /// cache, `columns` by `depth_block` of B in the first.
  int64_t row_block, column_block, depth_block;
  /// A product packs B if it has at least so many rows, columns, and multiply-adds.
  int64_t packing_rows, packing_columns, packing_volume;
} ck_gemm_numbers;

static const ck_gemm_numbers numbers_by_isa[CK_ISA_COUNT] = {
    [CK_ISA_BASELINE] = {.rows = CK_GEMM_ROWS_BASELINE, .columns = CK_GEMM_VECTORS_BASELINE * 4,
                         .row_block = 96, .column_block = 240, .depth_block = 256,
                         .packing_rows = 16, .packing_columns = 16, .packing_volume = 1 << 16},
    [CK_ISA_NEON] = {.rows = CK_GEMM_ROWS_NEON, .columns = CK_GEMM_VECTORS_NEON * 4,
                     .row_block = 96, .column_block = 240, .depth_block = 256,
                     .packing_rows = 16, .packing_columns = 24, .packing_volume = 1 << 17},
    [CK_ISA_AVX2] = {.rows = CK_GEMM_ROWS_AVX2, .columns = CK_GEMM_VECTORS_AVX2 * 8,
                     .row_block = 144, .column_block = 256, .depth_block = 256,
                     .packing_rows = 24, .packing_columns = 32, .packing_volume = 1 << 18},
    [CK_ISA_AVX512] = {.rows = CK_GEMM_ROWS_AVX512, .columns = CK_GEMM_VECTORS_AVX512 * 16,
                       .row_block = 182, .column_block = 256, .depth_block = 256,
                       .packing_rows = 32, .packing_columns = 48, .packing_volume = 1 << 18},
};

enum {
  /// Blocks are made smaller until there are so many, for threads to share,
  enough_items = 32,
  /// but not below so many multiply-adds each.
  least_packed_volume = 1 << 19,
  least_small_volume = 1 << 17,
  /// Floats in the widest vector of any ISA, which packing may write behind a panel.
  widest_vector = 16,
  /// A multiple of every vector, so that no depth block but the last ends within one.
  depth_step = 16,
};

static int64_t ceiling(int64_t a, int64_t b) { return (a + b - 1) / b; }
static int64_t rounded_up(int64_t a, int64_t step) { return ceiling(a, step) * step; }
static int64_t at_most(int64_t a, int64_t limit) { return a < limit ? a : limit; }

/// The smallest multiple of `step` that cuts `extent` into as many blocks as `block` does.
static int64_t evened(int64_t extent, int64_t block, int64_t step) {
  return extent == 0 ? step : rounded_up(ceiling(extent, ceiling(extent, block)), step);
}

/// A product of three extents or more, or the greatest number if it is greater.
static int64_t product(int64_t a, int64_t b, int64_t c) {
  int64_t result;
  if (__builtin_mul_overflow(a, b, &result) || __builtin_mul_overflow(result, c, &result)) return INT64_MAX;
  return result;
}

ck_gemm_plan ck_gemm_make_plan(ck_isa isa, int64_t batch, int64_t m, int64_t n, int64_t k,
                               int64_t b_column_stride) {
  const ck_gemm_numbers *numbers = &numbers_by_isa[isa];
  const int64_t rows = numbers->rows, columns = numbers->columns;
  const bool packs_b = m >= numbers->packing_rows && n >= numbers->packing_columns &&
                       product(m, n, k) >= numbers->packing_volume;
  (void)b_column_stride;

  int64_t row_block = rounded_up(m > 0 ? m : 1, rows), column_block = rounded_up(n > 0 ? n : 1, columns);
  if (packs_b) {
    row_block = at_most(row_block, numbers->row_block);
    column_block = at_most(column_block, numbers->column_block);
  }
  const int64_t least_volume = packs_b ? least_packed_volume : least_small_volume;
  while (product(batch, ceiling(m, row_block), ceiling(n, column_block)) < enough_items &&
         product(row_block, column_block, k) >= 2 * least_volume) {
    // The longer side is halved, columns not below the width of a wide micro-kernel's run.
    const bool halves_columns = column_block >= 8 * columns || (column_block > row_block && column_block > 4 * columns);
    if (halves_columns) {
      column_block = rounded_up(column_block / 2, columns);
    } else if (row_block > 2 * rows) {
      row_block = rounded_up(row_block / 2, rows);
    } else if (column_block > columns) {
      column_block = rounded_up(column_block / 2, columns);
    } else {
      break;
    }
  }
  row_block = evened(m, row_block, rows);
  column_block = evened(n, column_block, columns);
  const int64_t depth_block = evened(k, numbers->depth_block, depth_step);

  // A packed block of A with a gap behind each panel, or a packed panel of B.
  const int64_t scratch_floats =
      packs_b ? row_block / rows * (rows * depth_block + widest_vector) : columns * depth_block;
  return (ck_gemm_plan){
      .packs_b = packs_b,
      .panel_columns = columns,
      .row_block = row_block,
      .column_block = column_block,
      .depth_block = depth_block,
      .scratch_bytes = scratch_floats * (int64_t)sizeof(float),
  };
}
