// The micro-kernels: a block of C, a few rows by a few vectors, stays in registers while k runs.
//
// There is one body. It is compiled for every number of rows up to CK_GEMM_ROWS and every number of
// vectors up to CK_GEMM_VECTORS, so that an edge of C costs what its own elements cost.

#if VF32_LANES == 16
#define CK_GEMM_ROWS CK_GEMM_ROWS_AVX512
#define CK_GEMM_VECTORS CK_GEMM_VECTORS_AVX512
#elif VF32_LANES == 8
#define CK_GEMM_ROWS CK_GEMM_ROWS_AVX2
#define CK_GEMM_VECTORS CK_GEMM_VECTORS_AVX2
#else
#define CK_GEMM_ROWS CK_GEMM_ROWS_BASELINE
#define CK_GEMM_VECTORS CK_GEMM_VECTORS_BASELINE
#endif

enum {
  /// Floats between two packed panels of A, where the last vector of a panel may end.
  CK_GEMM_PANEL_GAP = VF32_LANES,
  /// Columns of a full micro-kernel, and of a packed panel of B.
  CK_GEMM_COLUMNS = CK_GEMM_VECTORS * VF32_LANES,
  /// The most rows that a wide micro-kernel has, and its vectors for one row and for more.
  CK_GEMM_WIDE_ROWS = 3,
  CK_GEMM_WIDE_VECTORS_ONE = 8,
  CK_GEMM_WIDE_VECTORS_MORE = 4,
};

/// One call of a micro-kernel: C[rows, columns] = A[rows, depth] · B[depth, columns] (+ bias) (+ C).
typedef struct ck_gemm_micro {
  int64_t depth;
  const float *a;
  /// From a row of A to the next, and from an element of a row to the next.
  int64_t a_row, a_step;
  /// Rows of B are contiguous; `b_step` leads from one to the next.
  const float *b;
  int64_t b_step;
  float *c;
  int64_t c_row;
  /// One contiguous element a column, in whole vectors; NULL for none.
  const float *bias;
  /// The last vector may be partial: columns > (vectors - 1) * VF32_LANES.
  int64_t columns;
  bool accumulates;
} ck_gemm_micro;

typedef void (*ck_gemm_micro_function)(const ck_gemm_micro *);

/// Where B lies, and with it A: each has micro-kernels of its own.
typedef enum ck_gemm_source {
  /// Both in packed panels: `a_row`, `a_step` and `b_step` are not read, for they are known.
  CK_GEMM_PACKED,
  /// Where they are, any strides.
  CK_GEMM_DIRECT,
  /// The same, and B's rows end with the last column, so that its last vector is loaded in part.
  CK_GEMM_DIRECT_MASKED,
  CK_GEMM_SOURCE_COUNT,
} ck_gemm_source;

/// The same pointer, of which the compiler cannot tell how it came about. Without this it derives each row's
/// address from the row before, one long chain of additions.
CK_INLINE const float *ck_gemm_opaque(const float *pointer) {
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
  const int64_t last = call->columns - (int64_t)(vectors - 1) * VF32_LANES;

  vf32 sums[row_limit][vector_limit];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) sums[i][v] = vf32_zero();
  }

  // One pointer for three rows: with A's row stride in an index register, scaled by one or two, all rows
  // are reached without running out of registers.
  const float *a[(row_limit + 2) / 3];
#pragma clang loop unroll(full)
  for (int g = 0; g < (rows + 2) / 3; g++) a[g] = call->a + 3 * g * a_row;
  const float *b = call->b;

  // C is not needed before the end: time enough to fetch it from far away.
  if (depth >= 64) {
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v += 16 / VF32_LANES) {
        __builtin_prefetch(call->c + i * call->c_row + v * VF32_LANES, 1);
      }
    }
  }

#pragma clang loop unroll_count(4)
  for (int64_t p = 0; p < depth; p++) {
    vf32 b_row[vector_limit];
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      b_row[v] = source == CK_GEMM_DIRECT_MASKED && v == vectors - 1 ? vf32_load_first(b + v * VF32_LANES, last)
                                                                     : vf32_load(b + v * VF32_LANES);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
      const vf32 a_element = vf32_set1(is_packed ? a[0][i] : a[i / 3][(i % 3) * a_row]);
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) sums[i][v] = vf32_fma(a_element, b_row[v], sums[i][v]);
    }
    b += b_step;
#pragma clang loop unroll(full)
    for (int g = 0; g < (is_packed ? 1 : (rows + 2) / 3); g++) {
      a[g] += a_step;
      if (!is_packed) a[g] = ck_gemm_opaque(a[g]);
    }
  }

  if (call->bias != NULL) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      const vf32 bias = vf32_load(call->bias + v * VF32_LANES);
#pragma clang loop unroll(full)
      for (int i = 0; i < rows; i++) sums[i][v] = vf32_add(sums[i][v], bias);
    }
  }
  const bool whole = last == VF32_LANES;
  float *c = call->c;
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++) {
    if (call->accumulates) {
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) {
        const float *old = c + v * VF32_LANES;
        sums[i][v] = vf32_add(sums[i][v], v < vectors - 1 || whole ? vf32_load(old) : vf32_load_first(old, last));
      }
    }
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      if (v < vectors - 1 || whole) {
        vf32_store(c + v * VF32_LANES, sums[i][v]);
      } else {
        vf32_store_first(c + v * VF32_LANES, sums[i][v], last);
      }
    }
    c += call->c_row;
  }
}

// Applies X to every number of rows of a micro-kernel.
#if CK_GEMM_ROWS == 14
#define CK_GEMM_EACH_ROWS(X, ...)                                                                        \
  X(1, __VA_ARGS__) X(2, __VA_ARGS__) X(3, __VA_ARGS__) X(4, __VA_ARGS__) X(5, __VA_ARGS__)              \
  X(6, __VA_ARGS__) X(7, __VA_ARGS__) X(8, __VA_ARGS__) X(9, __VA_ARGS__) X(10, __VA_ARGS__)             \
  X(11, __VA_ARGS__) X(12, __VA_ARGS__) X(13, __VA_ARGS__) X(14, __VA_ARGS__)
#elif CK_GEMM_ROWS == 8
#define CK_GEMM_EACH_ROWS(X, ...)                                                                        \
  X(1, __VA_ARGS__) X(2, __VA_ARGS__) X(3, __VA_ARGS__) X(4, __VA_ARGS__)                                \
  X(5, __VA_ARGS__) X(6, __VA_ARGS__) X(7, __VA_ARGS__) X(8, __VA_ARGS__)
#elif CK_GEMM_ROWS == 6
#define CK_GEMM_EACH_ROWS(X, ...)                                                                        \
  X(1, __VA_ARGS__) X(2, __VA_ARGS__) X(3, __VA_ARGS__) X(4, __VA_ARGS__) X(5, __VA_ARGS__) X(6, __VA_ARGS__)
#else
#define CK_GEMM_EACH_ROWS(X, ...) X(1, __VA_ARGS__) X(2, __VA_ARGS__) X(3, __VA_ARGS__) X(4, __VA_ARGS__)
#endif
#if CK_GEMM_VECTORS == 3
#define CK_GEMM_EACH_VECTORS(X, ...) X(1, __VA_ARGS__) X(2, __VA_ARGS__) X(3, __VA_ARGS__)
#else
#define CK_GEMM_EACH_VECTORS(X, ...) X(1, __VA_ARGS__) X(2, __VA_ARGS__)
#endif

#define CK_GEMM_DEFINE(rows, vectors)                                       \
  static void ck_gemm_packed_##rows##x##vectors(const ck_gemm_micro *call) {  \
    ck_gemm_micro_body(call, rows, vectors, CK_GEMM_PACKED);                  \
  }                                                                           \
  static void ck_gemm_direct_##rows##x##vectors(const ck_gemm_micro *call) {  \
    ck_gemm_micro_body(call, rows, vectors, CK_GEMM_DIRECT);                  \
  }                                                                           \
  static void ck_gemm_masked_##rows##x##vectors(const ck_gemm_micro *call) {  \
    ck_gemm_micro_body(call, rows, vectors, CK_GEMM_DIRECT_MASKED);           \
  }
#define CK_GEMM_DEFINE_ROWS(vectors, ...) CK_GEMM_EACH_ROWS(CK_GEMM_DEFINE, vectors)
#define CK_GEMM_PACKED_NAME(rows, vectors) ck_gemm_packed_##rows##x##vectors,
#define CK_GEMM_PACKED_ROWS(vectors, ...) {CK_GEMM_EACH_ROWS(CK_GEMM_PACKED_NAME, vectors)},
#define CK_GEMM_DIRECT_NAME(rows, vectors) ck_gemm_direct_##rows##x##vectors,
#define CK_GEMM_DIRECT_ROWS(vectors, ...) {CK_GEMM_EACH_ROWS(CK_GEMM_DIRECT_NAME, vectors)},
#define CK_GEMM_MASKED_NAME(rows, vectors) ck_gemm_masked_##rows##x##vectors,
#define CK_GEMM_MASKED_ROWS(vectors, ...) {CK_GEMM_EACH_ROWS(CK_GEMM_MASKED_NAME, vectors)},

CK_GEMM_EACH_VECTORS(CK_GEMM_DEFINE_ROWS, )

// Micro-kernels by [source][vectors - 1][rows - 1].
static const ck_gemm_micro_function ck_gemm_micros[CK_GEMM_SOURCE_COUNT][CK_GEMM_VECTORS][CK_GEMM_ROWS] = {
    [CK_GEMM_PACKED] = {CK_GEMM_EACH_VECTORS(CK_GEMM_PACKED_ROWS, )},
    [CK_GEMM_DIRECT] = {CK_GEMM_EACH_VECTORS(CK_GEMM_DIRECT_ROWS, )},
    [CK_GEMM_DIRECT_MASKED] = {CK_GEMM_EACH_VECTORS(CK_GEMM_MASKED_ROWS, )},
};

// Few rows leave registers free for more columns: B is then read in longer runs, and enough sums are
// under way to hide the latency of the multiply-add.
static void ck_gemm_wide_1(const ck_gemm_micro *call) {
  ck_gemm_micro_body(call, 1, CK_GEMM_WIDE_VECTORS_ONE, CK_GEMM_DIRECT);
}
static void ck_gemm_wide_2(const ck_gemm_micro *call) {
  ck_gemm_micro_body(call, 2, CK_GEMM_WIDE_VECTORS_MORE, CK_GEMM_DIRECT);
}
static void ck_gemm_wide_3(const ck_gemm_micro *call) {
  ck_gemm_micro_body(call, 3, CK_GEMM_WIDE_VECTORS_MORE, CK_GEMM_DIRECT);
}
static const ck_gemm_micro_function ck_gemm_wides[CK_GEMM_WIDE_ROWS] = {ck_gemm_wide_1, ck_gemm_wide_2,
                                                                        ck_gemm_wide_3};
