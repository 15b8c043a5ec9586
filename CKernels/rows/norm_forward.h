// Layer norm and RMS norm.
//
// Included for float32 and float64 by rows.h.

/// A row is normalised to (x - center) * scale + shift. The centre is the mean as it is rounded, and the shift, if not
/// 0, what that is off by.
typedef struct norm_statistics {
  real center, scale, shift;
} norm_statistics;

/// What plain sums have not told of a row; `plain` where there is nothing to be found.
__attribute__((noinline)) static norm_statistics norm_measure_again(const real *x, int64_t n, double epsilon,
                                                                    bool centers, norm_statistics plain) {
  ck_space space = {.rank = 1, .count = n, .shape = {n}, .strides = {1}};
  reduce_spread spread;
  if (!spread_measure(x, &space, centers, &spread)) return plain;
  double scale = 1 / hypot(spread.root, sqrt(epsilon));
  // Distances may overflow where elements do not; such elements are as good without a centre.
  bool reaches = 2 * (double)(real)spread.largest <= (CK_BITS == 32 ? (double)FLT_MAX : DBL_MAX);
  double center = reaches ? spread.center : 0;
  double offset = reaches ? spread.offset : spread.center + spread.offset;
  return (norm_statistics){(real)center, (real)scale, (real)-(offset * scale)};
}

/// `centers` is a constant: whether the mean is taken away before the mean square is measured.
CK_INLINE norm_statistics norm_measure(const real *x, int64_t n, double epsilon, bool centers) {
  real mean = centers ? (real)((double)reduce_row(REDUCE_SUM, x, n, 0) / (double)n) : 0;
  double mean_square = (double)reduce_row(REDUCE_SQUARES, x, n, mean) / (double)n;
  norm_statistics plain = {mean, (real)(1 / sqrt(mean_square + epsilon)), 0};
  if (spread_is_plain(mean_square, mean_square + epsilon, (double)mean, spread_tiny)) return plain;
  return norm_measure_again(x, n, epsilon, centers, plain);
}

/// Which operands there are; constants where they are passed.
typedef struct norm_affine {
  bool has_weight, has_bias;
} norm_affine;

/// The vector at `i` of (x - center) * scale + shift, then times weight and plus bias where there are such.
CK_INLINE vf norm_value(const real *x, norm_statistics statistics, const real *weight, const real *bias,
                          norm_affine affine, int64_t i, int64_t lanes) {
  vf y = vf_sub(vf_load_any(x + i, 1, lanes), vf_set1(statistics.center));
  y = vf_fma(y, vf_set1(statistics.scale), vf_set1(statistics.shift));
  if (!affine.has_weight) return affine.has_bias ? vf_add(y, vf_load_any(bias + i, 1, lanes)) : y;
  vf w = vf_load_any(weight + i, 1, lanes);
  return affine.has_bias ? vf_fma(y, w, vf_load_any(bias + i, 1, lanes)) : vf_mul(y, w);
}

CK_INLINE void norm_rows(const ck_launch *launch, int64_t begin, int64_t end, bool centers, norm_affine affine) {
  const ck_operand *out = &launch->operands[0], *statistics = &launch->operands[1], *x = &launch->operands[2];
  const real *weight = launch->operands[3].data, *bias = launch->operands[4].data;
  int64_t count = launch->shape[1];
  const bool streams = launch->streams;
  for (int64_t row = begin; row < end; row++) {
    const real *in = (const real *)x->data + row * x->strides[0];
    const real *next = row_next(in, count, x->strides[0], end - row);
    real *to = (real *)out->data + row * out->strides[0];
    norm_statistics measured = norm_measure(in, count, launch->attributes.numbers[0], centers);
    real *kept = (real *)statistics->data + row * statistics->strides[0];
    kept[0] = measured.center;
    kept[1] = measured.scale;
    kept[2] = measured.shift;
    ROW_STORE(streams, to, count,
              (row_fetch(next + i, streams), norm_value(in, measured, weight, bias, affine, i, n)))
  }
  if (streams) vf32_streaming_fence();
}

CK_INLINE void norm_items(const ck_launch *launch, int64_t begin, int64_t end, bool centers) {
  bool has_weight = launch->operands[3].data != NULL, has_bias = launch->operands[4].data != NULL;
  if (has_weight && has_bias) {
    norm_rows(launch, begin, end, centers, (norm_affine){true, true});
  } else if (has_weight) {
    norm_rows(launch, begin, end, centers, (norm_affine){true, false});
  } else if (has_bias) {
    norm_rows(launch, begin, end, centers, (norm_affine){false, true});
  } else {
    norm_rows(launch, begin, end, centers, (norm_affine){false, false});
  }
}

// The shape is {rows, n} and a row's elements lie side by side; strides[0] is the step between rows. Operands:
//   out       {rows, n}, may alias x exactly
//   kept      per row the centre, or 0, the scale and the shift, side by side: what the derivative takes
//   x         {rows, n}
//   weight    {n}, or NULL for ones
//   bias      {n}, or NULL for zeros
// numbers[0] is epsilon, and N(x) below is mean(|x|) * scale.

/// out = (x - mean) / sqrt(variance + epsilon) * weight + bias, where the variance divides by n.
/// Error: 2^-24 * (|bias| + (40 + 2 * log2(n)) * |weight| * (1 + N(x)) * (1 + |x - mean| * scale)), where N(x) counts as
/// 1 from 2^10 on: the mean is then not rounded. Equal elements give the bias exactly, unless epsilon is 0, and nothing
/// overflows that has a finite result, but 1 / sqrt(variance + epsilon) itself.
/// NaN: a NaN or an infinity in a row makes the whole row NaN.
CK_TILE(layer_norm, CK_DTYPE) {
  (void)scratch;
  norm_items(launch, begin, end, true);
}

/// out = x / sqrt(mean(x^2) + epsilon) * weight + bias.
/// Error: 2^-24 * (|bias| + (40 + 2 * log2(n)) * |weight| * |x| * scale). NaN: a NaN in a row makes the whole row
/// NaN; an infinity makes itself NaN and the others zero.
CK_TILE(rms_norm, CK_DTYPE) {
  (void)scratch;
  norm_items(launch, begin, end, false);
}
