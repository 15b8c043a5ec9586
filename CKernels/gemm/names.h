// What the matrix product's files are written against, for the type at hand: the register tile, and names.
#ifndef CK_GEMM_NAMES_H
#define CK_GEMM_NAMES_H

#include "run.h"

#if VF32_LANES == 16
#define CK_GEMM_ROWS_32 CK_GEMM_ROWS_AVX512
#define CK_GEMM_VECTORS_32 CK_GEMM_VECTORS_AVX512
#define CK_GEMM_ROWS_64 CK_GEMM_ROWS_AVX512_F64
#define CK_GEMM_VECTORS_64 CK_GEMM_VECTORS_AVX512_F64
#elif VF32_LANES == 8
#define CK_GEMM_ROWS_32 CK_GEMM_ROWS_AVX2
#define CK_GEMM_VECTORS_32 CK_GEMM_VECTORS_AVX2
#define CK_GEMM_ROWS_64 CK_GEMM_ROWS_AVX2_F64
#define CK_GEMM_VECTORS_64 CK_GEMM_VECTORS_AVX2_F64
#else
#define CK_GEMM_ROWS_32 CK_GEMM_ROWS_BASELINE
#define CK_GEMM_VECTORS_32 CK_GEMM_VECTORS_BASELINE
#define CK_GEMM_ROWS_64 CK_GEMM_ROWS_BASELINE_F64
#define CK_GEMM_VECTORS_64 CK_GEMM_VECTORS_BASELINE_F64
#endif
#define CK_GEMM_ROWS CK_JOIN(CK_GEMM_ROWS_, CK_BITS)
#define CK_GEMM_VECTORS CK_JOIN(CK_GEMM_VECTORS_, CK_BITS)
/// Elements between two packed panels of A, where the last vector of a panel may end.
#define CK_GEMM_PANEL_GAP VF_LANES
/// Columns of a full micro-kernel, and of a packed panel of B.
#define CK_GEMM_COLUMNS (CK_GEMM_VECTORS * VF_LANES)
#define CK_GEMM_BIAS_ROOM (8 * VF_LANES)
/// Rows of A and columns of B whose products are summed together: as many sums as registers hold.
#define CK_GEMM_SKINNY_TILE_ROWS (VF_LANES == 16 ? 4 : 2)
#define CK_GEMM_SKINNY_TILE_COLUMNS 5

enum {
  /// The most rows that a wide micro-kernel has, and its vectors for one row and for more.
  CK_GEMM_WIDE_ROWS = 3,
  CK_GEMM_WIDE_VECTORS_ONE = 8,
  CK_GEMM_WIDE_VECTORS_MORE = 4,
  /// Rows of A taken together, with CK_GEMM_DOT_TILE_COLUMNS of B, so that what is loaded is used more than once.
  CK_GEMM_DOT_TILE_ROWS = 2,
};

/// Where B lies, and with it A: each has micro-kernels of its own.
typedef enum ck_gemm_source {
  /// Both in packed panels: `a_row`, `a_step` and `b_step` are not read, for they are known.
  CK_GEMM_PACKED,
  /// Where they are, any strides.
  CK_GEMM_DIRECT,
  /// The same, and B's rows end with the last column, so that its last vector is loaded in part.
  CK_GEMM_DIRECT_MASKED,
  /// Where they are, any strides, in runs: see `ck_gemm_runs`.
  CK_GEMM_RUNS,
  CK_GEMM_SOURCE_COUNT,
} ck_gemm_source;

// One for each type that is computed with.
#define ck_gemm_micro CK_OF_REAL(ck_gemm_micro)
#define ck_gemm_micro_function CK_OF_REAL(ck_gemm_micro_function)
#define ck_gemm_opaque CK_OF_REAL(ck_gemm_opaque)
#define ck_gemm_micro_body CK_OF_REAL(ck_gemm_micro_body)
// Other families multiply with these too: the tables are the program's, named after the instruction set.
#define ck_gemm_micros CK_OF_ISA(CK_OF_REAL(ck_gemm_micros))
#define ck_gemm_wide_1 CK_OF_REAL(ck_gemm_wide_1)
#define ck_gemm_wide_2 CK_OF_REAL(ck_gemm_wide_2)
#define ck_gemm_wide_3 CK_OF_REAL(ck_gemm_wide_3)
#define ck_gemm_wides CK_OF_ISA(CK_OF_REAL(ck_gemm_wides))
#define ck_gemm_even_rows CK_OF_REAL(ck_gemm_even_rows)

// One for each type of elements.
#define ck_gemm_pack_edge CK_OF_DTYPE(ck_gemm_pack_edge)
#define ck_gemm_pack_along CK_OF_DTYPE(ck_gemm_pack_along)
#define ck_gemm_pack_across CK_OF_DTYPE(ck_gemm_pack_across)
#define ck_gemm_pack_scattered CK_OF_DTYPE(ck_gemm_pack_scattered)
#define ck_gemm_pack_panel CK_OF_DTYPE(ck_gemm_pack_panel)
#define ck_gemm_block CK_OF_DTYPE(ck_gemm_block)
#define ck_gemm_read_blocks CK_OF_DTYPE(ck_gemm_read_blocks)
#define ck_gemm_bias CK_OF_DTYPE(ck_gemm_bias)
#define ck_gemm_relu CK_OF_DTYPE(ck_gemm_relu)
#define ck_gemm_tanh CK_OF_DTYPE(ck_gemm_tanh)
#define ck_gemm_sigmoid CK_OF_DTYPE(ck_gemm_sigmoid)
#define ck_gemm_gelu CK_OF_DTYPE(ck_gemm_gelu)
#define ck_gemm_activate CK_OF_DTYPE(ck_gemm_activate)
#define ck_gemm_pack_rows CK_OF_DTYPE(ck_gemm_pack_rows)
#define ck_gemm_store_tile CK_OF_DTYPE(ck_gemm_store_tile)
#define ck_gemm_rows_collide CK_OF_DTYPE(ck_gemm_rows_collide)
#define ck_gemm_store_turned CK_OF_DTYPE(ck_gemm_store_turned)
#define ck_gemm_turned_block CK_OF_DTYPE(ck_gemm_turned_block)
#define ck_gemm_small_panel CK_OF_DTYPE(ck_gemm_small_panel)
#define ck_gemm_small_block CK_OF_DTYPE(ck_gemm_small_block)
#define ck_gemm_turn CK_OF_DTYPE(ck_gemm_turn)
#define ck_gemm_dots CK_OF_DTYPE(ck_gemm_dots)
#define ck_gemm_dot_block CK_OF_DTYPE(ck_gemm_dot_block)
#define ck_gemm_is_skinny CK_OF_DTYPE(ck_gemm_is_skinny)
#define ck_gemm_skinny_tile CK_OF_DTYPE(ck_gemm_skinny_tile)
#define ck_gemm_skinny_block CK_OF_DTYPE(ck_gemm_skinny_block)
#define ck_gemm_skinny_1 CK_OF_DTYPE(ck_gemm_skinny_1)
#define ck_gemm_skinny_2 CK_OF_DTYPE(ck_gemm_skinny_2)
#define ck_gemm_skinny_3 CK_OF_DTYPE(ck_gemm_skinny_3)
#define ck_gemm_skinny_4 CK_OF_DTYPE(ck_gemm_skinny_4)
#define ck_gemm_skinny_5 CK_OF_DTYPE(ck_gemm_skinny_5)

#endif
