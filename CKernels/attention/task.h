// How a launch is read, and the products of tiles. Included for float32 and float64 by attention.h.

/// Attention as a launch describes it.
typedef struct attention_task {
  int64_t batch, heads, key_heads, queries, keys, features, value_features;
  ck_operand q, k, v, mask;
  ck_attention_mask kind;
  bool is_causal, drops;
  uint64_t seed, stream;
  real scale;
  /// How many of the 2^24 counts keep a weight, and what the kept ones are multiplied by.
  float bound;
  real kept_scale;
} attention_task;

CK_INLINE attention_task attention_task_of(const ck_launch *launch, ck_operand q, ck_operand k, ck_operand v,
                                           ck_operand mask) {
  const int64_t *integers = launch->attributes.integers;
  const double kept = launch->attributes.numbers[1];
  return (attention_task){
      .batch = launch->shape[0],
      .heads = launch->shape[1],
      .key_heads = integers[0],
      .queries = launch->shape[2],
      .keys = launch->shape[3],
      .features = integers[1],
      .value_features = launch->shape[4] - integers[1],
      .q = q,
      .k = k,
      .v = v,
      .mask = mask,
      .kind = (ck_attention_mask)(integers[2] & 3),
      .is_causal = (integers[2] & 4) != 0,
      .drops = kept < 1,
      .seed = (uint64_t)integers[3],
      .stream = (uint64_t)integers[4],
      .scale = (real)launch->attributes.numbers[0],
      .bound = (float)ceil(kept * 0x1p24),
      .kept_scale = kept > 0 && kept < 1 ? (real)(1 / kept) : 1,
  };
}

/// The first element of vector `row`, which is one of dimension `axis`, of a head in a batch.
CK_INLINE real *attention_row(const ck_operand *operand, int64_t batch, int64_t head, int64_t row, int axis) {
  return (real *)operand->data + batch * operand->strides[0] + head * operand->strides[1] +
         row * operand->strides[axis];
}

/// C[rows, columns] (+)= A[rows, depth] · B[depth, columns], where rows of B and C have no gaps. Each element is one
/// chain of multiply-adds.
static void attention_multiply(real *c, int64_t c_row, const real *a, int64_t a_row, int64_t a_step, const real *b,
                               int64_t b_step, int64_t rows, int64_t columns, int64_t depth, bool accumulates) {
  int64_t most = ck_gemm_even_rows(rows);
  // Rows that fall on few sets of the nearest cache would push each other out of it: eight lines are what a set holds.
  if (most > 8 && a_row % 256 == 0) most = (rows + (rows + 7) / 8 - 1) / ((rows + 7) / 8);
  for (int64_t j = 0; j < columns; j += CK_GEMM_COLUMNS) {
    const int64_t width = columns - j < CK_GEMM_COLUMNS ? columns - j : CK_GEMM_COLUMNS;
    const int64_t vectors = (width + VF_LANES - 1) / VF_LANES;
    const ck_gemm_micro_function *micros =
        ck_gemm_micros[width % VF_LANES != 0 ? CK_GEMM_DIRECT_MASKED : CK_GEMM_DIRECT][vectors - 1];
    ck_gemm_micro call = {
        .depth = depth,
        .a = a,
        .a_row = a_row,
        .a_step = a_step,
        .b = b + j,
        .b_step = b_step,
        .c = c + j,
        .c_row = c_row,
        .columns = width,
        .accumulates = accumulates,
    };
    for (int64_t i = 0; i < rows; i += most) {
      const int64_t part = rows - i < most ? rows - i : most;
      micros[part - 1](&call);
      call.a += most * a_row;
      call.c += most * c_row;
    }
  }
}

/// turned[e][row] = x[row][e] * scale for the vectors x[0 ..< rows], a whole number of vectors of rows wide: those that
/// there are not are zero.
static void attention_turn(real *turned, const real *x, int64_t x_row, int64_t rows, int64_t features, real scale) {
  const vf factor = vf_set1(scale);
  for (int64_t r = 0; r < rows; r += VF_LANES) {
    const int64_t lines = rows - r < VF_LANES ? rows - r : VF_LANES;
    for (int64_t e = 0; e < features; e += VF_LANES) {
      const int64_t count = features - e < VF_LANES ? features - e : VF_LANES;
      const real *source = x + r * x_row + e;
      vf square[VF_LANES];
      if (lines == VF_LANES && count == VF_LANES) {
        vf_load_transposed(square, source, x_row);
      } else {
#pragma clang loop unroll(full)
        for (int i = 0; i < VF_LANES; i++) square[i] = i < lines ? vf_load_first(source + i * x_row, count) : vf_zero();
        vf_transpose(square);
      }
      real *to = turned + e * ATTENTION_QUERIES + r;
#pragma clang loop unroll(full)
      for (int i = 0; i < VF_LANES; i++)
        if (i < count) vf_store(to + i * ATTENTION_QUERIES, vf_mul(square[i], factor));
    }
  }
}

/// Zeros in `rows` vectors of `count` elements.
CK_INLINE void attention_clear(real *x, int64_t x_row, int64_t rows, int64_t count) {
  for (int64_t r = 0; r < rows; r++, x += x_row) memset(x, 0, (size_t)count * sizeof(real));
}
