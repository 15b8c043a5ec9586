// Products with so few columns that vectors along them would be half empty: dot products along k, many at a time.
// Included for float32 and float64 by gemm.h.

/// Whether `columns` columns of C fill vectors badly and are few enough to be computed this way. Vectors of four floats
/// never stay so empty.
CK_INLINE bool ck_gemm_is_skinny(int64_t columns) {
  if (VF_LANES < 8) return false;
  const int64_t room = (columns + VF_LANES - 1) / VF_LANES * VF_LANES;
  return columns <= CK_GEMM_SKINNY_COLUMNS && 5 * columns < 4 * room;
}

/// One tile: C[rows, columns] (+)= A · B (+ bias), where rows of A and columns of B are contiguous. Each product is
/// summed in one vector that takes whole vectors of k in order; its lanes are added as a fixed tree.
CK_INLINE void ck_gemm_skinny_tile(const ck_gemm_micro *call, int64_t b_column, const int rows, const int columns) {
  enum { row_limit = CK_GEMM_SKINNY_TILE_ROWS, column_limit = CK_GEMM_SKINNY_TILE_COLUMNS };
  vf lanes[row_limit][column_limit];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++) {
#pragma clang loop unroll(full)
    for (int j = 0; j < columns; j++) lanes[i][j] = vf_zero();
  }
  const int64_t depth = call->depth;
  int64_t p = 0;
  for (; p + VF_LANES <= depth; p += VF_LANES) {
    vf a_part[row_limit];
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) a_part[i] = vf_load(call->a + i * call->a_row + p);
#pragma clang loop unroll(full)
    for (int j = 0; j < columns; j++) {
      const vf b_part = vf_load(call->b + j * b_column + p);
#pragma clang loop unroll(full)
      for (int i = 0; i < rows; i++) lanes[i][j] = vf_fma(a_part[i], b_part, lanes[i][j]);
    }
  }
  if (p < depth) {
    vf a_part[row_limit];
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) a_part[i] = vf_load_first(call->a + i * call->a_row + p, depth - p);
#pragma clang loop unroll(full)
    for (int j = 0; j < columns; j++) {
      const vf b_part = vf_load_first(call->b + j * b_column + p, depth - p);
#pragma clang loop unroll(full)
      for (int i = 0; i < rows; i++) lanes[i][j] = vf_fma(a_part[i], b_part, lanes[i][j]);
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++) {
    real *c = call->c + i * call->c_row;
#pragma clang loop unroll(full)
    for (int j = 0; j < columns; j++) {
      real value = vf_reduce_add(lanes[i][j]);
      if (call->bias != NULL) value += call->bias[j];
      c[j] = call->accumulates ? c[j] + value : value;
    }
  }
}

#define CK_GEMM_SKINNY(columns)                                                              \
  static void CK_OF_DTYPE(ck_gemm_skinny_##columns)(const ck_gemm_micro *call, int64_t b_column, int64_t rows) { \
    enum { step = CK_GEMM_SKINNY_TILE_ROWS };                                                \
    ck_gemm_micro tile = *call;                                                              \
    int64_t i = 0;                                                                           \
    for (; i + step <= rows; i += step) {                                                    \
      ck_gemm_skinny_tile(&tile, b_column, step, columns);                                   \
      tile.a += step * tile.a_row;                                                           \
      tile.c += step * tile.c_row;                                                           \
    }                                                                                        \
    for (; i < rows; i++) {                                                                  \
      ck_gemm_skinny_tile(&tile, b_column, 1, columns);                                      \
      tile.a += tile.a_row;                                                                  \
      tile.c += tile.c_row;                                                                  \
    }                                                                                        \
  }
CK_GEMM_SKINNY(1)
CK_GEMM_SKINNY(2)
CK_GEMM_SKINNY(3)
CK_GEMM_SKINNY(4)
CK_GEMM_SKINNY(5)
#undef CK_GEMM_SKINNY

/// A block with few columns and contiguous rows of A. Columns of B that are not contiguous are copied to `scratch`, a
/// depth block at a time.
static void ck_gemm_skinny_block(const ck_gemm_block *block, int64_t depth_block, real *scratch) {
  static void (*const functions[CK_GEMM_SKINNY_TILE_COLUMNS])(const ck_gemm_micro *, int64_t, int64_t) = {
      ck_gemm_skinny_1, ck_gemm_skinny_2, ck_gemm_skinny_3, ck_gemm_skinny_4, ck_gemm_skinny_5};
  real bias_room[CK_GEMM_BIAS_ROOM];
  // As many columns in each tile as in the others, or one more.
  const int64_t tiles = (block->columns + CK_GEMM_SKINNY_TILE_COLUMNS - 1) / CK_GEMM_SKINNY_TILE_COLUMNS;
  int64_t first = 0;
  do {
    const int64_t depth = block->depth - first < depth_block ? block->depth - first : depth_block;
    const bool is_last = first + depth == block->depth;
    const real *b = block->b + first * block->b_step;
    int64_t b_column = block->b_column;
    if (block->b_step != 1) {
      b_column = (depth + VF_LANES - 1) / VF_LANES * VF_LANES;
      // Packed with the roles exchanged: lines are what follows each other along k.
      ck_gemm_pack_panel(scratch, b_column, b, block->b_step, block->b_column, depth, block->columns);
      b = scratch;
    }
    for (int64_t j = 0, tile = 0; tile < tiles; tile++) {
      const int64_t columns = (block->columns - j) / (tiles - tile);
      const ck_gemm_micro call = {
          .depth = depth,
          .a = block->a + first,
          .a_row = block->a_row,
          .b = b + j * b_column,
          .c = block->c + j,
          .c_row = block->c_row,
          .bias = is_last && block->bias != NULL ? ck_gemm_bias(block, j, columns, bias_room) : NULL,
          .accumulates = block->accumulates || first > 0,
      };
      functions[columns - 1](&call, b_column, block->rows);
      j += columns;
    }
    first += depth;
  } while (first < block->depth);
  ck_gemm_activate(block, 0, block->columns);
}
