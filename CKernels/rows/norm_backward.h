// The derivatives of layer norm and RMS norm.
#ifndef CK_ROWS_NORM_BACKWARD_H
#define CK_ROWS_NORM_BACKWARD_H

#include "../reductions/cascade.h"

enum {
  /// Vectors of a row in flight.
  NORM_STREAMS = 4,
  /// Elements of a row that are added up in streams before they enter a cascade.
  NORM_BLOCK = 16 * NORM_STREAMS * VF32_LANES,
};

/// One row of a derivative: the operands' rows, and where the weight's and the bias's shares are added up.
typedef struct norm_row {
  float *dx;
  float *weight_share, *bias_share;
  const float *gradient, *x, *weight;
  float mean, scale;
} norm_row;

/// Which parts of the derivative are wanted, and of what; constants where they are passed.
typedef struct norm_kind {
  bool centers, has_weight, has_shares;
} norm_kind;

/// The vector at `i` of the incoming gradient times the weight, and of the normalised row.
CK_INLINE void norm_load(const norm_row *row, norm_kind kind, int64_t i, int64_t lanes, vf32 *incoming,
                         vf32 *weighted, vf32 *normal) {
  *incoming = vf32_load_any(row->gradient + i, 1, lanes);
  *weighted = kind.has_weight ? vf32_mul(*incoming, vf32_load_any(row->weight + i, 1, lanes)) : *incoming;
  vf32 x = vf32_load_any(row->x + i, 1, lanes);
  *normal = vf32_mul(kind.centers ? vf32_sub(x, vf32_set1(row->mean)) : x, vf32_set1(row->scale));
}

/// Adds a vector's share to the weight's and the bias's gradients and to the running sums of the weighted gradient
/// and of its product with the normalised row. Lanes past the end are loaded as zero and add nothing.
CK_INLINE void norm_gather(const norm_row *row, norm_kind kind, int64_t i, int64_t lanes, vf32 *sum, vf32 *product) {
  vf32 incoming, weighted, normal;
  norm_load(row, kind, i, lanes, &incoming, &weighted, &normal);
  if (kind.centers) *sum = vf32_add(*sum, weighted);
  *product = vf32_fma(weighted, normal, *product);
  if (kind.has_shares) {
    float *share = row->weight_share + i;
    vf32_store_any(share, 1, vf32_fma(incoming, normal, vf32_load_any(share, 1, lanes)), lanes);
    if (kind.centers) {
      share = row->bias_share + i;
      vf32_store_any(share, 1, vf32_add(incoming, vf32_load_any(share, 1, lanes)), lanes);
    }
  }
}

CK_INLINE void norm_backward_row(const norm_row *row, int64_t count, norm_kind kind) {
  reduce_cascade sums = {.count = 0}, products = {.count = 0};
  for (int64_t first = 0; first < n; first += NORM_BLOCK) {
    int64_t last = n - first < NORM_BLOCK ? n : first + NORM_BLOCK;
    vf32 sum[NORM_STREAMS], product[NORM_STREAMS];
    for (int s = 0; s < NORM_STREAMS; s++) sum[s] = product[s] = vf32_zero();
    int64_t i = first;
    for (; i + NORM_STREAMS * VF32_LANES <= last; i += NORM_STREAMS * VF32_LANES) {
      for (int s = 0; s < NORM_STREAMS; s++) {
        norm_gather(row, kind, i + s * VF32_LANES, VF32_LANES, &sum[s], &product[s]);
      }
    }
    for (; i + VF32_LANES <= last; i += VF32_LANES) norm_gather(row, kind, i, VF32_LANES, &sum[0], &product[0]);
    if (i < last) norm_gather(row, kind, i, last - i, &sum[1], &product[1]);
    if (kind.centers) {
      reduce_cascade_push(REDUCE_SUM, &sums, vf32_add(vf32_add(sum[0], sum[1]), vf32_add(sum[2], sum[3])));
    }
    reduce_cascade_push(REDUCE_SUM, &products,
                        vf32_add(vf32_add(product[0], product[1]), vf32_add(product[2], product[3])));
  }
  if (row->dx == NULL) return;
  float total = kind.centers ? vf32_reduce_add(reduce_cascade_finish(REDUCE_SUM, &sums)) : 0;
  vf32 mean = vf32_set1((float)((double)total / (double)n));
  vf32 slope = vf32_set1((float)((double)vf32_reduce_add(reduce_cascade_finish(REDUCE_SUM, &products)) / (double)n));
  vf32 scale = vf32_set1(row->scale);
  CK_FOR_VECTORS(count, vf32 incoming; vf32 weighted; vf32 normal;
                 norm_load(row, kind, i, n, &incoming, &weighted, &normal);
                 vf32 rest = kind.centers ? vf32_sub(weighted, mean) : weighted;
                 vf32_store_any(row->dx + i, 1, vf32_mul(vf32_fnma(normal, slope, rest), scale), n);)
}

CK_INLINE void norm_backward_parts(const ck_launch *launch, int64_t begin, int64_t end, bool centers) {
  const ck_operand *dx = &launch->operands[0], *shares = &launch->operands[1], *gradient = &launch->operands[2];
  const ck_operand *x = &launch->operands[3], *kept = &launch->operands[4], *weight = &launch->operands[5];
  int64_t rows = launch->shape[0], n = launch->shape[1], part_rows = launch->attributes.integers[0];
  for (int64_t part = begin; part < end; part++) {
    norm_row row = {.weight = weight->data};
    if (shares->data != NULL) {
      row.weight_share = (float *)shares->data + part * shares->strides[0];
      row.bias_share = row.weight_share + shares->strides[1];
      memset(row.weight_share, 0, (size_t)n * sizeof(float));
      if (centers) memset(row.bias_share, 0, (size_t)n * sizeof(float));
    }
    int64_t last = (part + 1) * part_rows < rows ? (part + 1) * part_rows : rows;
    for (int64_t r = part * part_rows; r < last; r++) {
      const float *statistics = (const float *)kept->data + r * kept->strides[0];
      row.mean = statistics[0];
      row.scale = statistics[1];
      row.dx = dx->data == NULL ? NULL : (float *)dx->data + r * dx->strides[0];
      row.gradient = (const float *)gradient->data + r * gradient->strides[0];
      row.x = (const float *)x->data + r * x->strides[0];
      if (row.weight != NULL && row.weight_share != NULL) {
        norm_backward_row(&row, n, (norm_kind){centers, true, true});
      } else if (row.weight != NULL) {
        norm_backward_row(&row, n, (norm_kind){centers, true, false});
      } else if (row.weight_share != NULL) {
        norm_backward_row(&row, n, (norm_kind){centers, false, true});
      } else {
        norm_backward_row(&row, n, (norm_kind){centers, false, false});
      }
    }
  }
}

// The shape is {rows, n}; items are parts of integers[0] consecutive rows each, the last perhaps fewer. A row's
// elements lie side by side; strides[0] is the step between rows or parts. With y = (x - mean) * scale, what forward
// gave before weight and bias, and g = gradient * weight, the operands are
//   dx        {rows, n} or NULL: (g - mean(g) - y * mean(g * y)) * scale; may alias the gradient or x exactly
//   shares    or NULL: per part sum(gradient * y) over its rows, and strides[1] further on sum(gradient)
//   gradient  {rows, n}
//   x         {rows, n}
//   kept      per row the mean and the scale that forward kept, side by side
//   weight    {n}, or NULL for ones
// Error: of dx 2^-24 * scale * (40 + 2 * log2(n)) * (|g| + mean(|g|) + |y| * mean(|g * y|)); of the shares one
// rounding of the partial sum for each row and four of each term. NaN: one in the gradient or in x makes its row of
// dx NaN, and the shares of its column.

/// The derivative of `layer_norm_f32`.
CK_TILE(layer_norm_backward, f32) {
  (void)scratch;
  norm_backward_parts(launch, begin, end, true);
}

/// The derivative of `rms_norm_f32`, for which mean(g) above is 0 and shares hold the weight's alone.
CK_TILE(rms_norm_backward, f32) {
  (void)scratch;
  norm_backward_parts(launch, begin, end, false);
}

#endif
