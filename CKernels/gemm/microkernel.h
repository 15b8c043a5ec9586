// The micro-kernels: a block of C, a few rows by a few vectors, stays in registers while k runs.
//
// There is one body. gemm/microkernels.h compiles it for every number of rows up to CK_GEMM_ROWS and every number of
// vectors up to CK_GEMM_VECTORS, so that an edge of C costs what its own elements cost.
//
// Included for float32 and float64.

/// One call of a micro-kernel: C[rows, columns] = A[rows, depth] · B[depth, columns] (+ bias) (+ C).
typedef struct ck_gemm_micro {
  int64_t depth;
  const real *a;
  /// From a row of A to the next, and from an element of a row to the next.
  int64_t a_row, a_step;
  /// Rows of B are contiguous; `b_step` leads from one to the next.
  const real *b;
  int64_t b_step;
  /// Where k goes through runs: these, `depth` steps in all.
  const ck_gemm_run *runs;
  int64_t run_count;
  real *c;
  int64_t c_row;
  /// One contiguous element a column, in whole vectors; NULL for none.
  const real *bias;
  /// The last vector may be partial: columns > (vectors - 1) * VF_LANES.
  int64_t columns;
  bool accumulates;
} ck_gemm_micro;

typedef void (*ck_gemm_micro_function)(const ck_gemm_micro *);

/// The micro-kernels by [source][vectors - 1][rows - 1]. gemm/microkernels.h, which only the matrix product's translation
/// unit includes, defines them.
extern __attribute__((visibility("hidden"))) const ck_gemm_micro_function
    ck_gemm_micros[CK_GEMM_SOURCE_COUNT][CK_GEMM_VECTORS][CK_GEMM_ROWS];

/// The wide micro-kernels by [rows - 1]: CK_GEMM_WIDE_VECTORS_ONE vectors for one row, CK_GEMM_WIDE_VECTORS_MORE for more.
extern __attribute__((visibility("hidden"))) const ck_gemm_micro_function ck_gemm_wides[CK_GEMM_WIDE_ROWS];

/// The same pointer, of which the compiler cannot tell how it came about. Without this it derives each row's
/// address from the row before, one long chain of additions.
CK_INLINE const real *ck_gemm_opaque(const real *pointer) {
  __asm__("" : "+r"(pointer));
  return pointer;
}

/// Every element of C is a single chain of multiply-adds over k, whatever the micro-kernel's size and source.
CK_INLINE void ck_gemm_micro_body(const ck_gemm_micro *call, const int rows, const int vectors,
                                  const ck_gemm_source source) {
  enum { row_limit = CK_GEMM_ROWS, vector_limit = 8 };
  const bool is_packed = source == CK_GEMM_PACKED;
  const int64_t depth = call->depth;
  const int64_t a_row = is_packed ? 1 : call->a_row, a_step = is_packed ? CK_GEMM_ROWS : call->a_step;
  const int64_t b_step = is_packed ? CK_GEMM_COLUMNS : call->b_step;
  const int64_t last = call->columns - (int64_t)(vectors - 1) * VF_LANES;

  vf sums[row_limit][vector_limit];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) sums[i][v] = vf_zero();
  }

  // One pointer for three rows: with A's row stride in an index register, scaled by one or two, all rows
  // are reached without running out of registers.
  const real *a[(row_limit + 2) / 3];
#pragma clang loop unroll(full)
  for (int g = 0; g < (rows + 2) / 3; g++) a[g] = call->a + 3 * g * a_row;
  const real *b = call->b;

  // C is not needed before the end: time enough to fetch it from far away.
  if (depth >= 64) {
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v += 64 / (VF_LANES * (int)sizeof(real))) {
        __builtin_prefetch(call->c + i * call->c_row + v * VF_LANES, 1);
      }
    }
  }

  const bool has_runs = source == CK_GEMM_RUNS;
  for (int64_t r = 0; r < (has_runs ? call->run_count : 1); r++) {
    const int64_t steps = has_runs ? call->runs[r].depth : depth;
    if (has_runs) {
      b = call->b + call->runs[r].b;
#pragma clang loop unroll(full)
      for (int g = 0; g < (rows + 2) / 3; g++) a[g] = ck_gemm_opaque(call->a + call->runs[r].a + 3 * g * a_row);
    }
#pragma clang loop unroll_count(4)
    for (int64_t p = 0; p < steps; p++) {
      vf b_row[vector_limit];
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) {
        b_row[v] = source == CK_GEMM_DIRECT_MASKED && v == vectors - 1 ? vf_load_first(b + v * VF_LANES, last)
                                                                       : vf_load(b + v * VF_LANES);
      }
#pragma clang loop unroll(full)
      for (int i = 0; i < rows; i++) {
        const vf a_element = vf_set1(is_packed ? a[0][i] : a[i / 3][(i % 3) * a_row]);
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) sums[i][v] = vf_fma(a_element, b_row[v], sums[i][v]);
      }
      b += b_step;
#pragma clang loop unroll(full)
      for (int g = 0; g < (is_packed ? 1 : (rows + 2) / 3); g++) {
        a[g] += a_step;
        if (!is_packed) a[g] = ck_gemm_opaque(a[g]);
      }
    }
  }

  if (call->bias != NULL) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      const vf bias = vf_load(call->bias + v * VF_LANES);
#pragma clang loop unroll(full)
      for (int i = 0; i < rows; i++) sums[i][v] = vf_add(sums[i][v], bias);
    }
  }
  const bool whole = last == VF_LANES;
  real *c = call->c;
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++) {
    if (call->accumulates) {
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) {
        const real *old = c + v * VF_LANES;
        sums[i][v] = vf_add(sums[i][v], v < vectors - 1 || whole ? vf_load(old) : vf_load_first(old, last));
      }
    }
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      if (v < vectors - 1 || whole) {
        vf_store(c + v * VF_LANES, sums[i][v]);
      } else {
        vf_store_first(c + v * VF_LANES, sums[i][v], last);
      }
    }
    c += call->c_row;
  }
}

/// The rows that each of the fewest possible micro-kernel calls gets so that all get about as many: a call
/// with one row would take longer than its share.
CK_INLINE int64_t ck_gemm_even_rows(int64_t rows) {
  if (rows <= CK_GEMM_ROWS) return rows;
  const int64_t calls = (rows + CK_GEMM_ROWS - 1) / CK_GEMM_ROWS;
  return (rows + calls - 1) / calls;
}
