// How a matrix product is cut: which operand is packed, if any, and into which blocks. Everything that depends on
// the kind of CPU is a number in one table.
#include "../core/sizes.h"
#include "../include/ckernels.h"
#include "shapes.h"

/// The numbers of one ISA.
typedef struct ck_gemm_numbers {
  /// The micro-kernel's rows and columns.
  int64_t rows, columns;
  /// The most rows, columns and depth of a block where B is packed: `row_block` by `depth_block` of A stay in the
  /// second-level cache, `columns` by as much of B in the first or close to it. Blocks of A are packed again for every
  /// `column_block`, so these are wide.
  int64_t row_block, column_block, depth_block;
  /// The most rows and columns of a block where B is read in place: as much of B as stays close.
  int64_t direct_row_block, direct_column_block;
  /// A product packs B if it has at least so many rows, columns and multiply-adds.
  int64_t packing_rows, packing_columns, packing_volume;
} ck_gemm_numbers;

static const ck_gemm_numbers numbers_by_isa[CK_ISA_COUNT] = {
    [CK_ISA_BASELINE] = {.rows = CK_GEMM_ROWS_BASELINE, .columns = CK_GEMM_VECTORS_BASELINE * 4,
                         .row_block = 96, .column_block = 240, .depth_block = 256,
                         .direct_row_block = 84, .direct_column_block = 120,
                         .packing_rows = 24, .packing_columns = 16,
                         .packing_volume = 1 << 21},
    [CK_ISA_NEON] = {.rows = CK_GEMM_ROWS_NEON, .columns = CK_GEMM_VECTORS_NEON * 4,
                     .row_block = 96, .column_block = 240, .depth_block = 384,
                     .direct_row_block = 96, .direct_column_block = 120,
                     .packing_rows = 32, .packing_columns = 24,
                     .packing_volume = 1 << 23},
    [CK_ISA_AVX2] = {.rows = CK_GEMM_ROWS_AVX2, .columns = CK_GEMM_VECTORS_AVX2 * 8,
                     .row_block = 96, .column_block = 256, .depth_block = 512,
                     .direct_row_block = 84, .direct_column_block = 128,
                     .packing_rows = 36, .packing_columns = 32,
                     .packing_volume = 1 << 27},
    [CK_ISA_AVX512] = {.rows = CK_GEMM_ROWS_AVX512, .columns = CK_GEMM_VECTORS_AVX512 * 16,
                       .row_block = 98, .column_block = 256, .depth_block = 512,
                       .direct_row_block = 84, .direct_column_block = 128,
                       .packing_rows = 42, .packing_columns = 48,
                       .packing_volume = 1 << 29},
};

enum {
  /// Blocks are made smaller until there are so many, for threads to share,
  enough_items = 24,
  /// but not below so many multiply-adds each; more where each of them packs B for itself.
  least_packed_volume = 1 << 19,
  least_direct_volume = 1 << 17,
  least_copying_volume = 1 << 17,
  /// Nor below so many rows where each of them copies its panels of B.
  least_copying_rows = 256,
  /// Floats in the widest vector of any ISA, which packing may write behind a panel.
  widest_vector = 16,
  /// Columns from which on rows of B lie so far apart that a panel of them, read in place, falls on few sets
  /// of the caches and does not stay there.
  longest_direct_row = 1000,
  /// Blocks of products with few columns, which may be dot products, have a multiple of so many rows.
  skinny_row_step = 4,
  /// Floats of a packed block of A that holds all of k, which stay in the second-level cache: half a megabyte.
  most_converted = 1 << 17,
  /// A multiple of every vector, so that no depth block but the last ends within one.
  depth_step = 16,
};

enum {
  /// A product by a transposed B is turned if A has no more rows than this,
  most_turned_rows = 96,
  /// B enough columns for each item to have so many, for which A is packed once,
  least_turned_columns = 128,
  /// and if k is long enough for what is spared to outweigh that the tiles of C are transposed.
  least_turned_depth = 64,
};

/// The rows of a block, a whole number of even calls of a micro-kernel with up to `most` rows each, that cuts `m` into no
/// fewer blocks than `block` does. Where the calls cannot be shared out evenly there are more blocks, rather than one
/// that is much smaller than the others.
static int64_t evened_rows(int64_t m, int64_t block, int64_t most) {
  if (m == 0) return most;
  const int64_t calls = ceiling(m, most), rows = ceiling(m, calls);
  return at_least(calls / ceiling(m, block), 1) * rows;
}

/// The product of three extents, or the greatest number if it is greater.
static int64_t product(int64_t a, int64_t b, int64_t c) {
  int64_t result;
  if (__builtin_mul_overflow(a, b, &result) || __builtin_mul_overflow(result, c, &result)) return INT64_MAX;
  return result;
}

/// The micro-kernels for float64.
static const struct {
  int64_t rows, columns;
} tiles_of_f64[CK_ISA_COUNT] = {
    [CK_ISA_BASELINE] = {CK_GEMM_ROWS_BASELINE_F64, CK_GEMM_VECTORS_BASELINE_F64 * 2},
    [CK_ISA_NEON] = {CK_GEMM_ROWS_NEON_F64, CK_GEMM_VECTORS_NEON_F64 * 2},
    [CK_ISA_AVX2] = {CK_GEMM_ROWS_AVX2_F64, CK_GEMM_VECTORS_AVX2_F64 * 4},
    [CK_ISA_AVX512] = {CK_GEMM_ROWS_AVX512_F64, CK_GEMM_VECTORS_AVX512_F64 * 8},
};

/// The numbers for elements of `element_bytes`: those of float32, but that a double takes the room of two floats.
static ck_gemm_numbers numbers_for(ck_isa isa, int64_t element_bytes) {
  ck_gemm_numbers numbers = numbers_by_isa[isa];
  if (element_bytes == 8) {
    numbers.rows = tiles_of_f64[isa].rows;
    numbers.columns = tiles_of_f64[isa].columns;
    numbers.column_block /= 2;
    numbers.depth_block /= 2;
  }
  return numbers;
}

/// Whether a product is one block that is read in place, whatever its strides: no cut of it would keep threads busy, and
/// it fits the blocks that stay in the caches.
static bool is_one_block(const ck_gemm_numbers *numbers, int64_t m, int64_t n, int64_t k) {
  return m < numbers->direct_row_block && n < numbers->direct_column_block && k <= numbers->depth_block &&
         m * n * k < least_direct_volume;
}

/// The plan for a turned product, whose blocks have all rows.
static ck_gemm_plan turned_plan(const ck_gemm_numbers *numbers, int64_t batch, int64_t m, int64_t n, int64_t k,
                                int64_t element_bytes) {
  const int64_t most = at_most(ceiling(enough_items, batch), product(m, n, k) / least_direct_volume);
  const int64_t blocks = at_least(at_most(most, n / least_turned_columns), 1);
  // What is packed streams by from the second-level cache, so it can be deep.
  const int64_t depth_block = evened(k, 2 * numbers->depth_block, depth_step);
  return (ck_gemm_plan){
      .turns = true,
      .panel_rows = numbers->rows,
      .panel_columns = numbers->columns,
      .row_block = m,
      .column_block = ceiling(n, blocks),
      .depth_block = depth_block,
      .scratch_bytes = rounded_up(m, numbers->columns) * depth_block * element_bytes,
  };
}

ck_gemm_plan ck_gemm_make_plan(ck_isa isa, int64_t element_bytes, int64_t batch, int64_t m, int64_t n, int64_t k,
                               int64_t b_column_stride) {
  const ck_gemm_numbers chosen = numbers_for(isa, element_bytes), *numbers = &chosen;
  const int64_t rows = numbers->rows, columns = numbers->columns;
  const bool has_contiguous_rows = b_column_stride == 1 || n == 1;
  // 16-bit elements are converted while they are packed, and are rounded when all of k is added up.
  const bool converts = element_bytes == 2;
  const bool has_long_rows = has_contiguous_rows && n >= longest_direct_row;
  const bool packs_b = converts || (m >= numbers->packing_rows && n >= numbers->packing_columns &&
                                    (product(m, n, k) >= numbers->packing_volume || has_long_rows));
  // What is in no order to be read in place is copied a panel at a time by each item, which then has many rows; all but
  // what dot products are taken of.
  const bool each_item_packs =
      !packs_b && !has_contiguous_rows && m > CK_GEMM_DOT_ROWS && n > CK_GEMM_SKINNY_COLUMNS;

  if (!converts && is_one_block(numbers, m, n, k)) {
    // Dividing would take a good part of the time that such a product does.
    const int64_t depth_block = (at_least(k, 1) + depth_step - 1) & -(int64_t)depth_step;
    const bool needs_scratch = !has_contiguous_rows || n <= CK_GEMM_SKINNY_COLUMNS;
    return (ck_gemm_plan){
        .packs_b = false,
        .panel_rows = rows,
        .panel_columns = columns,
        .row_block = at_least(m, 1),
        .column_block = at_least(n, 1),
        .depth_block = depth_block,
        .scratch_bytes = needs_scratch ? columns * depth_block * element_bytes : 0,
    };
  }

  if (each_item_packs && m <= most_turned_rows && n >= 2 * least_turned_columns && k >= least_turned_depth) {
    return turned_plan(numbers, batch, m, n, k, element_bytes);
  }

  // Neighbouring blocks are multiplied in one go. Dot products come out alike however many those are if each block
  // begins where a tile of columns does.
  int64_t column_step = columns;
  while (!packs_b && column_step % CK_GEMM_DOT_TILE_COLUMNS != 0) column_step += columns;

  int64_t row_block = rounded_up(m > 0 ? m : 1, rows), column_block = rounded_up(n > 0 ? n : 1, column_step);
  if (packs_b) {
    row_block = at_most(row_block, numbers->row_block);
    // All of k is packed at once: of fewer rows where it is long, down to one panel.
    if (converts) row_block = at_most(row_block, at_least(most_converted / at_least(k, 1) / rows, 1) * rows);
    column_block = at_most(column_block, numbers->column_block);
  } else if (!each_item_packs && m >= numbers->direct_row_block && n >= numbers->direct_column_block) {
    // Skinny products keep their long runs of rows or columns.
    row_block = at_most(row_block, numbers->direct_row_block);
    column_block = at_most(column_block, numbers->direct_column_block);
  }
  const int64_t least_volume = packs_b           ? least_packed_volume
                               : each_item_packs ? least_copying_volume
                                                 : least_direct_volume;
  // Few rows go over long runs of columns, and a single column over long runs of rows.
  const int64_t row_step = !packs_b && n > 1 && n <= CK_GEMM_SKINNY_COLUMNS ? skinny_row_step : rows;
  const int64_t least_rows = n == 1 ? 8 * columns : each_item_packs ? least_copying_rows : 2 * rows;
  const int64_t least_columns = m < 4 && !each_item_packs ? 4 * column_step : column_step;
  while (product(at_most(row_block, m), at_most(column_block, n), k) >= 2 * least_volume &&
         product(batch, ceiling(m, row_block), ceiling(n, column_block)) < enough_items) {
    if (packs_b && row_block > 3 * rows) {
      // Fewer rows cost less than fewer columns.
      row_block -= rows;
      continue;
    }
    const bool can_halve_columns = column_block > least_columns, can_halve_rows = row_block > least_rows;
    const bool has_more_columns = at_most(column_block, n) >= at_most(row_block, m);
    if (can_halve_columns && (!can_halve_rows || each_item_packs || has_more_columns)) {
      column_block = rounded_up(column_block / 2, column_step);
    } else if (can_halve_rows) {
      row_block = rounded_up(row_block / 2, row_step);
    } else {
      break;
    }
  }
  if (each_item_packs) {
    // Such blocks are few, so that blocks of one size count for more than calls of one size.
    row_block = evened(m, row_block, 1);
  } else if (!packs_b && row_step == rows) {
    // A block that is read in place need not have whole panels.
    row_block = evened_rows(m, row_block, rows);
  } else {
    row_block = evened(m, row_block, row_step);
  }
  column_block = evened(n, column_block, column_step);
  const int64_t depth_block = evened(k, converts && k > 0 ? k : numbers->depth_block, depth_step);

  // A packed block of A with a gap behind each panel, or what is not read where it lies: a panel of B, or of A where a
  // single column is computed as a row, or columns of B whose dot products are taken.
  int64_t scratch_floats = 0;
  if (packs_b) {
    scratch_floats = row_block / rows * (rows * depth_block + widest_vector);
  } else if (!has_contiguous_rows || n <= CK_GEMM_SKINNY_COLUMNS) {
    scratch_floats = columns * depth_block;
  }
  return (ck_gemm_plan){
      .packs_b = packs_b,
      .panel_rows = rows,
      .panel_columns = columns,
      .row_block = row_block,
      .column_block = column_block,
      .depth_block = depth_block,
      .scratch_bytes = scratch_floats * (element_bytes == 8 ? 8 : 4),
  };
}
