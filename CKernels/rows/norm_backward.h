// The derivatives of layer norm and RMS norm.
//
// Included for float32 and float64 by rows.h.

/// Which operands there are, and whether rows are centred; constants where they are passed.
typedef struct norm_kind {
  bool centers, has_weight, has_shares;
} norm_kind;

/// One row of the derivative.
typedef struct norm_row {
  real *dx;
  const real *gradient, *x, *next_gradient, *next_x;
  real center, scale, shift;
} norm_row;

/// The vector at `i` of the incoming gradient times the weight, if there is one.
CK_INLINE vf norm_weighted(vf incoming, const real *weight, norm_kind kind, int64_t i, int64_t lanes) {
  return kind.has_weight ? vf_mul(incoming, vf_load_any(weight + i, 1, lanes)) : incoming;
}

/// The vector at `i` of the normalised row.
CK_INLINE vf norm_normal(const norm_row *row, norm_kind kind, int64_t i, int64_t lanes) {
  vf x = vf_load_any(row->x + i, 1, lanes);
  if (!kind.centers) return vf_mul(x, vf_set1(row->scale));
  // Lanes past the end hold whatever the centre makes of zero, but meet a gradient of zero.
  return vf_fma(vf_sub(x, vf_set1(row->center)), vf_set1(row->scale), vf_set1(row->shift));
}

/// Adds the vector at `i` of `count` rows to the shares, in the order of the rows, and to each row's sums of the
/// weighted gradient and of its product with the normalised row.
CK_INLINE void norm_gather(const norm_row rows[NORM_ROWS], int64_t count, const real *weight, real *weight_share,
                           real *bias_share, norm_kind kind, int64_t i, int64_t lanes, vf sums[NORM_ROWS],
                           vf products[NORM_ROWS]) {
  vf in_weight = vf_zero(), in_bias = vf_zero();
  if (kind.has_shares) {
    in_weight = vf_load_any(weight_share + i, 1, lanes);
    if (kind.centers) in_bias = vf_load_any(bias_share + i, 1, lanes);
  }
  for (int64_t r = 0; r < count; r++) {
    vf incoming = vf_load_any(rows[r].gradient + i, 1, lanes);
    vf weighted = norm_weighted(incoming, weight, kind, i, lanes);
    vf normal = norm_normal(&rows[r], kind, i, lanes);
    if (kind.centers) sums[r] = vf_add(sums[r], weighted);
    products[r] = vf_fma(weighted, normal, products[r]);
    in_weight = vf_fma(incoming, normal, in_weight);
    in_bias = vf_add(incoming, in_bias);
  }
  if (kind.has_shares) {
    vf_store_any(weight_share + i, 1, in_weight, lanes);
    if (kind.centers) vf_store_any(bias_share + i, 1, in_bias, lanes);
  }
}

/// The derivative of `count` rows of `n` elements, of which the sums are already known.
CK_INLINE void norm_backward_row(const norm_row *row, int64_t count, const real *weight, norm_kind kind, bool streams,
                                 real sum, real product) {
  vf mean = vf_set1((real)((double)sum / (double)count));
  vf slope = vf_set1((real)((double)product / (double)count));
  vf scale = vf_set1(row->scale);
#define CK_NORM_GRADIENT                                                                             \
  vf weighted = norm_weighted(vf_load_any(row->gradient + i, 1, n), weight, kind, i, n);         \
  vf normal = norm_normal(row, kind, i, n);                                                        \
  vf rest = kind.centers ? vf_sub(weighted, mean) : weighted;                                    \
  vf dx = vf_mul(vf_fnma(normal, slope, rest), scale);                                         \
  vf32_prefetch_second(row->next_gradient + i);                                                      \
  vf32_prefetch_second(row->next_x + i);
  if (streams) {
    CK_FOR_ALIGNED_VECTORS(count, row->dx, CK_NORM_GRADIENT vf_stream(row->dx + i, dx, n);)
  } else {
    CK_FOR_VECTORS(count, CK_NORM_GRADIENT vf_store_any(row->dx + i, 1, dx, n);)
  }
#undef CK_NORM_GRADIENT
}

CK_INLINE void norm_backward_rows(const norm_row rows[NORM_ROWS], int64_t count, int64_t n, const real *weight,
                                  real *weight_share, real *bias_share, norm_kind kind, bool streams) {
  reduce_cascade sums[NORM_ROWS], products[NORM_ROWS];
  for (int64_t r = 0; r < count; r++) {
    reduce_cascade_start(&sums[r]);
    reduce_cascade_start(&products[r]);
  }
  for (int64_t first = 0; first < n; first += NORM_BLOCK) {
    int64_t last = n - first < NORM_BLOCK ? n : first + NORM_BLOCK;
    vf sum[NORM_ROWS], product[NORM_ROWS];
    for (int r = 0; r < NORM_ROWS; r++) sum[r] = product[r] = vf_zero();
    int64_t i = first;
    // `count` is a constant in the first of the two loops.
    if (count == NORM_ROWS) {
      for (; i + VF_LANES <= last; i += VF_LANES) {
        norm_gather(rows, NORM_ROWS, weight, weight_share, bias_share, kind, i, VF_LANES, sum, product);
      }
    }
    for (; i < last; i += VF_LANES) {
      int64_t lanes = last - i < VF_LANES ? last - i : VF_LANES;
      norm_gather(rows, count, weight, weight_share, bias_share, kind, i, lanes, sum, product);
    }
    for (int64_t r = 0; r < count; r++) {
      if (kind.centers) reduce_cascade_push(REDUCE_SUM, &sums[r], sum[r]);
      reduce_cascade_push(REDUCE_SUM, &products[r], product[r]);
    }
  }
  for (int64_t r = 0; r < count; r++) {
    if (rows[r].dx == NULL) continue;
    real sum = kind.centers ? vf_reduce_add(reduce_cascade_finish(REDUCE_SUM, &sums[r])) : 0;
    real product = vf_reduce_add(reduce_cascade_finish(REDUCE_SUM, &products[r]));
    norm_backward_row(&rows[r], n, weight, kind, streams, sum, product);
  }
}

CK_INLINE void norm_backward_parts(const ck_launch *launch, int64_t begin, int64_t end, bool centers) {
  const ck_operand *dx = &launch->operands[0], *shares = &launch->operands[1], *gradient = &launch->operands[2];
  const ck_operand *x = &launch->operands[3], *kept = &launch->operands[4];
  const real *weight = launch->operands[5].data;
  int64_t row_count = launch->shape[0], n = launch->shape[1], part_rows = launch->attributes.integers[0];
  for (int64_t part = begin; part < end; part++) {
    real *weight_share = NULL, *bias_share = NULL;
    if (shares->data != NULL) {
      weight_share = (real *)shares->data + part * shares->strides[0];
      memset(weight_share, 0, (size_t)n * sizeof(real));
      if (centers) {
        bias_share = weight_share + shares->strides[1];
        memset(bias_share, 0, (size_t)n * sizeof(real));
      }
    }
    int64_t last = (part + 1) * part_rows < row_count ? (part + 1) * part_rows : row_count;
    for (int64_t first = part * part_rows; first < last; first += NORM_ROWS) {
      int64_t count = last - first < NORM_ROWS ? last - first : NORM_ROWS;
      norm_row rows[NORM_ROWS];
      for (int64_t r = 0; r < count; r++) {
        const real *statistics = (const real *)kept->data + (first + r) * kept->strides[0];
        const real *row_gradient = (const real *)gradient->data + (first + r) * gradient->strides[0];
        const real *row_x = (const real *)x->data + (first + r) * x->strides[0];
        int64_t after = row_count - first - r > NORM_ROWS ? 2 : 1;
        rows[r] = (norm_row){
            .dx = dx->data == NULL ? NULL : (real *)dx->data + (first + r) * dx->strides[0],
            .gradient = row_gradient,
            .x = row_x,
            .next_gradient = row_next(row_gradient, n, NORM_ROWS * gradient->strides[0], after),
            .next_x = row_next(row_x, n, NORM_ROWS * x->strides[0], after),
            .center = statistics[0],
            .scale = statistics[1],
            .shift = statistics[2],
        };
      }
      bool streams = launch->streams;
      if (weight != NULL && weight_share != NULL) {
        norm_backward_rows(rows, count, n, weight, weight_share, bias_share, (norm_kind){centers, true, true}, streams);
      } else if (weight != NULL) {
        norm_backward_rows(rows, count, n, weight, NULL, NULL, (norm_kind){centers, true, false}, streams);
      } else if (weight_share != NULL) {
        norm_backward_rows(rows, count, n, NULL, weight_share, bias_share, (norm_kind){centers, false, true}, streams);
      } else {
        norm_backward_rows(rows, count, n, NULL, NULL, NULL, (norm_kind){centers, false, false}, streams);
      }
    }
  }
  if (launch->streams) vf32_streaming_fence();
}

// The shape is {rows, n}; items are parts of integers[0] consecutive rows each, the last perhaps fewer. A row's
// elements lie side by side; strides[0] is the step between rows or parts. With y = (x - mean) * scale, what forward
// gave before weight and bias, and g = gradient * weight, the operands are
//   dx        {rows, n} or NULL: (g - mean(g) - y * mean(g * y)) * scale; may alias the gradient or x exactly
//   shares    or NULL: per part sum(gradient * y) over its rows, and strides[1] further on sum(gradient)
//   gradient  {rows, n}
//   x         {rows, n}
//   kept      per row the centre, the scale and the shift that forward kept, side by side
//   weight    {n}, or NULL for ones
// Error: of dx 2^-24 * scale * (40 + 2 * log2(n)) * (|g| + mean(|g|) + |y| * mean(|g * y|)); of the shares one
// rounding of the partial sum for each row and four of each term. NaN: one in the gradient or in x makes its row of
// dx NaN, and the shares of its column.

/// The derivative of `layer_norm`.
CK_TILE(layer_norm_backward, CK_DTYPE) {
  (void)scratch;
  norm_backward_parts(launch, begin, end, true);
}

/// The derivative of `rms_norm`, for which mean(g) above is 0 and shares hold the weight's alone.
CK_TILE(rms_norm_backward, CK_DTYPE) {
  (void)scratch;
  norm_backward_parts(launch, begin, end, false);
}
