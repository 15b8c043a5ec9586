// The micro-kernels of all sizes, and tables of them. Included for float32 and float64 by gemm.h.

// Applies X to every number of rows of a micro-kernel.
#undef CK_GEMM_EACH_ROWS
#undef CK_GEMM_EACH_VECTORS
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
  static void CK_OF_REAL(ck_gemm_packed_##rows##x##vectors)(const ck_gemm_micro *call) {  \
    ck_gemm_micro_body(call, rows, vectors, CK_GEMM_PACKED);                  \
  }                                                                           \
  static void CK_OF_REAL(ck_gemm_direct_##rows##x##vectors)(const ck_gemm_micro *call) {  \
    ck_gemm_micro_body(call, rows, vectors, CK_GEMM_DIRECT);                  \
  }                                                                           \
  static void CK_OF_REAL(ck_gemm_masked_##rows##x##vectors)(const ck_gemm_micro *call) {  \
    ck_gemm_micro_body(call, rows, vectors, CK_GEMM_DIRECT_MASKED);           \
  }                                                                           \
  static void CK_OF_REAL(ck_gemm_runs_##rows##x##vectors)(const ck_gemm_micro *call) {  \
    ck_gemm_micro_body(call, rows, vectors, CK_GEMM_RUNS);                    \
  }
#define CK_GEMM_DEFINE_ROWS(vectors, ...) CK_GEMM_EACH_ROWS(CK_GEMM_DEFINE, vectors)
#define CK_GEMM_PACKED_NAME(rows, vectors) CK_OF_REAL(ck_gemm_packed_##rows##x##vectors),
#define CK_GEMM_PACKED_ROWS(vectors, ...) {CK_GEMM_EACH_ROWS(CK_GEMM_PACKED_NAME, vectors)},
#define CK_GEMM_DIRECT_NAME(rows, vectors) CK_OF_REAL(ck_gemm_direct_##rows##x##vectors),
#define CK_GEMM_DIRECT_ROWS(vectors, ...) {CK_GEMM_EACH_ROWS(CK_GEMM_DIRECT_NAME, vectors)},
#define CK_GEMM_MASKED_NAME(rows, vectors) CK_OF_REAL(ck_gemm_masked_##rows##x##vectors),
#define CK_GEMM_MASKED_ROWS(vectors, ...) {CK_GEMM_EACH_ROWS(CK_GEMM_MASKED_NAME, vectors)},
#define CK_GEMM_RUNS_NAME(rows, vectors) CK_OF_REAL(ck_gemm_runs_##rows##x##vectors),
#define CK_GEMM_RUNS_ROWS(vectors, ...) {CK_GEMM_EACH_ROWS(CK_GEMM_RUNS_NAME, vectors)},

CK_GEMM_EACH_VECTORS(CK_GEMM_DEFINE_ROWS, )

// Micro-kernels by [source][vectors - 1][rows - 1].
const ck_gemm_micro_function ck_gemm_micros[CK_GEMM_SOURCE_COUNT][CK_GEMM_VECTORS][CK_GEMM_ROWS] = {
    [CK_GEMM_PACKED] = {CK_GEMM_EACH_VECTORS(CK_GEMM_PACKED_ROWS, )},
    [CK_GEMM_DIRECT] = {CK_GEMM_EACH_VECTORS(CK_GEMM_DIRECT_ROWS, )},
    [CK_GEMM_DIRECT_MASKED] = {CK_GEMM_EACH_VECTORS(CK_GEMM_MASKED_ROWS, )},
    [CK_GEMM_RUNS] = {CK_GEMM_EACH_VECTORS(CK_GEMM_RUNS_ROWS, )},
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
const ck_gemm_micro_function ck_gemm_wides[CK_GEMM_WIDE_ROWS] = {ck_gemm_wide_1, ck_gemm_wide_2, ck_gemm_wide_3};
