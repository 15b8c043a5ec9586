// The register tiles of the matrix product: rows and vectors of C that a micro-kernel holds in registers.
// Shared by the kernels, which are written for them, and by the plan, which cuts C along them.
#ifndef CK_GEMM_SHAPES_H
#define CK_GEMM_SHAPES_H

#include "../simd/isa.h"

// Two registers are left for B and one for A's broadcast element, where the ISA has that many.
#define CK_GEMM_ROWS_AVX512 14
#define CK_GEMM_VECTORS_AVX512 2
#define CK_GEMM_ROWS_AVX2 6
#define CK_GEMM_VECTORS_AVX2 2
#define CK_GEMM_ROWS_NEON 8
#define CK_GEMM_VECTORS_NEON 3
#if CK_BUILDS_ARM64
// The portable kernels have NEON's thirty-two registers as well.
#define CK_GEMM_ROWS_BASELINE CK_GEMM_ROWS_NEON
#define CK_GEMM_VECTORS_BASELINE CK_GEMM_VECTORS_NEON
#else
#define CK_GEMM_ROWS_BASELINE 4
#define CK_GEMM_VECTORS_BASELINE 2
#endif

// The same for float64, where a panel of A has whole vectors of rows.
#define CK_GEMM_ROWS_AVX512_F64 8
#define CK_GEMM_VECTORS_AVX512_F64 3
#define CK_GEMM_ROWS_AVX2_F64 4
#define CK_GEMM_VECTORS_AVX2_F64 3
#define CK_GEMM_ROWS_NEON_F64 CK_GEMM_ROWS_NEON
#define CK_GEMM_VECTORS_NEON_F64 CK_GEMM_VECTORS_NEON
#define CK_GEMM_ROWS_BASELINE_F64 CK_GEMM_ROWS_BASELINE
#define CK_GEMM_VECTORS_BASELINE_F64 CK_GEMM_VECTORS_BASELINE

// The most rows that are multiplied as dot products with columns of B that are contiguous.
#define CK_GEMM_DOT_ROWS 8
// Columns of B whose dot products are summed together. Columns that are left over are summed in another order.
#define CK_GEMM_DOT_TILE_COLUMNS 4
// The most columns that are computed as dot products along k where they would fill vectors badly.
#define CK_GEMM_SKINNY_COLUMNS 12

#endif
