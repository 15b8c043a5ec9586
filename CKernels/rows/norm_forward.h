// Layer norm and RMS norm.
#ifndef CK_ROWS_NORM_FORWARD_H
#define CK_ROWS_NORM_FORWARD_H

#include "../reductions/block_f32.h"

/// What a row's elements are moved by and multiplied with.
typedef struct norm_statistics {
  float mean, scale;
} norm_statistics;

/// `centers` is a constant: whether the mean is taken away before the mean square is measured.
CK_INLINE norm_statistics norm_measure(const float *x, int64_t n, double epsilon, bool centers) {
  float mean = centers ? (float)((double)reduce_row_f32(REDUCE_SUM, x, n, 0) / (double)n) : 0;
  float squares = reduce_row_f32(REDUCE_SQUARES, x, n, mean);
  return (norm_statistics){mean, (float)(1 / sqrt((double)squares / (double)n + epsilon))};
}

/// out = (x - mean) * scale, then times weight and plus bias where there are such. The two flags are constants.
CK_INLINE void norm_apply(float *out, const float *x, norm_statistics statistics, const float *weight,
                          const float *bias, int64_t count, bool has_weight, bool has_bias) {
  vf32 mean = vf32_set1(statistics.mean), scale = vf32_set1(statistics.scale);
  CK_FOR_VECTORS(count, vf32 y = vf32_mul(vf32_sub(vf32_load_any(x + i, 1, n), mean), scale);
                 if (has_weight) {
                   vf32 w = vf32_load_any(weight + i, 1, n);
                   y = has_bias ? vf32_fma(y, w, vf32_load_any(bias + i, 1, n)) : vf32_mul(y, w);
                 } else if (has_bias) {
                   y = vf32_add(y, vf32_load_any(bias + i, 1, n));
                 }
                 vf32_store_any(out + i, 1, y, n);)
}

CK_INLINE void norm_rows(const ck_launch *launch, int64_t begin, int64_t end, bool centers) {
  const ck_operand *out = &launch->operands[0], *statistics = &launch->operands[1], *x = &launch->operands[2];
  const float *weight = launch->operands[3].data, *bias = launch->operands[4].data;
  int64_t n = launch->shape[1];
  for (int64_t row = begin; row < end; row++) {
    const float *in = (const float *)x->data + row * x->strides[0];
    float *to = (float *)out->data + row * out->strides[0];
    norm_statistics measured = norm_measure(in, n, launch->attributes.numbers[0], centers);
    float *kept = (float *)statistics->data + row * statistics->strides[0];
    kept[0] = measured.mean;
    kept[1] = measured.scale;
    if (weight != NULL && bias != NULL) {
      norm_apply(to, in, measured, weight, bias, n, true, true);
    } else if (weight != NULL) {
      norm_apply(to, in, measured, weight, bias, n, true, false);
    } else if (bias != NULL) {
      norm_apply(to, in, measured, weight, bias, n, false, true);
    } else {
      norm_apply(to, in, measured, weight, bias, n, false, false);
    }
  }
}

// The shape is {rows, n} and a row's elements lie side by side; strides[0] is the step between rows. Operands:
//   out       {rows, n}, may alias x exactly
//   kept      per row the mean, or 0, and the scale, side by side: what the derivative takes
//   x         {rows, n}
//   weight    {n}, or NULL for ones
//   bias      {n}, or NULL for zeros
// numbers[0] is epsilon, and N(x) below is mean(|x|) * scale.

/// out = (x - mean) / sqrt(variance + epsilon) * weight + bias, where the variance divides by n.
/// Error: 2^-24 * (|bias| + (40 + 2 * log2(n)) * |weight| * (1 + N(x)) * (1 + |x - mean| * scale)), as long as
/// N(x) is below 2^10. NaN: a NaN or an infinity in a row makes the whole row NaN.
CK_TILE(layer_norm, f32) {
  (void)scratch;
  norm_rows(launch, begin, end, true);
}

/// out = x / sqrt(mean(x^2) + epsilon) * weight + bias.
/// Error: 2^-24 * (|bias| + (40 + 2 * log2(n)) * |weight| * |x| * scale). NaN: a NaN in a row makes the whole row
/// NaN; an infinity makes itself NaN and the others zero.
CK_TILE(rms_norm, f32) {
  (void)scratch;
  norm_rows(launch, begin, end, false);
}

#endif
