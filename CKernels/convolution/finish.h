// From sums to results: bias, activation and storing. Included for each floating-point type by convolution.h.

/// Sums[i] = f(sums[i] + bias), rounded to elements before f as if they had been stored. `bias` is one number, or where
/// `biases` is given one for each.
#define CK_CONVOLUTION_FINISH(function)                                                                    \
  CK_FOR_VECTORS(count, vf v = vf_add(vf_load_first_or_all(sums + i, n),                                   \
                                      biases != NULL ? vf_load_first_or_all(biases + i, n) : bias);        \
                 if (sizeof(stored) != sizeof(real)) {                                                     \
                   stored rounded[VF_LANES];                                                               \
                   vf_store_stored(rounded, v);                                                            \
                   v = vf_load_stored(rounded);                                                            \
                 }                                                                                         \
                 v = function(v); n == VF_LANES ? vf_store(sums + i, v) : vf_store_first(sums + i, v, n);)
#define vf_load_first_or_all(p, n) ((n) == VF_LANES ? vf_load(p) : vf_load_first(p, n))
#define convolution_as_it_is(v) (v)
static void convolution_finish_row(real *sums, int64_t count, vf bias, const real *biases, ck_activation activation) {
  switch (activation) {
    case CK_ACTIVATION_NONE: CK_CONVOLUTION_FINISH(convolution_as_it_is); break;
    case CK_ACTIVATION_RELU: CK_CONVOLUTION_FINISH(vf_relu); break;
    case CK_ACTIVATION_TANH: CK_CONVOLUTION_FINISH(vf_tanh); break;
    case CK_ACTIVATION_SIGMOID: CK_CONVOLUTION_FINISH(vf_sigmoid); break;
    case CK_ACTIVATION_GELU: CK_CONVOLUTION_FINISH(vf_gelu); break;
  }
}
#undef CK_CONVOLUTION_FINISH
#undef vf_load_first_or_all
#undef convolution_as_it_is

/// Adds the bias to sums of `channels` channels, from `first` of a group's on, by `positions`, and applies the activation.
CK_INLINE void convolution_finish(const ck_launch *launch, bool is_last, int64_t first, int64_t channels,
                                  int64_t positions, real *sums, int64_t sum_row) {
  const ck_operand *bias = &launch->operands[3];
  const ck_activation activation = (ck_activation)launch->attributes.integers[0];
  if (bias->data == NULL && activation == CK_ACTIVATION_NONE) return;
  const stored *biases = bias->data;
  const int64_t step = bias->strides[0];
  if (!is_last) {
    for (int64_t c = 0; c < channels; c++, sums += sum_row) {
      const vf one = biases != NULL ? vf_repeat(biases + (first + c) * step) : vf_set1((real)-0.0);
      convolution_finish_row(sums, positions, one, NULL, activation);
    }
    return;
  }
  for (int64_t c = 0; c < channels; c += CK_GEMM_COLUMNS) {
    const int64_t count = channels - c < CK_GEMM_COLUMNS ? channels - c : CK_GEMM_COLUMNS;
    real some[CK_GEMM_COLUMNS];
    for (int64_t i = 0; i < count; i++) {
      some[i] = biases != NULL ? real_of_stored(biases[(first + c + i) * step]) : (real)-0.0;
    }
    for (int64_t p = 0; p < positions; p++) {
      convolution_finish_row(sums + p * sum_row + c, count, vf_zero(), some, activation);
    }
  }
}

/// Stores sums whose rows are channels and whose columns are the positions of `segments`, in a row-major result.
static void convolution_store_rows(const ck_convolution *convolution, const convolution_phase *phase, stored *result,
                                   const convolution_segment *segments, int64_t segment_count, const real *sums,
                                   int64_t sum_row, int64_t channels) {
  const convolution_axis *axes = phase->axes;
  const int64_t row = axes[2].result, plane = axes[1].result * row, volume = axes[0].result * plane;
  const int64_t image = convolution->groups * convolution->result_channels * volume, step = axes[2].result_step;
  for (int64_t s = 0; s < segment_count; s++) {
    const convolution_segment *segment = &segments[s];
    int64_t place[3];
    for (int d = 0; d < 3; d++) place[d] = axes[d].first_result + segment->at[d] * axes[d].result_step;
    stored *to = result + segment->image * image + place[0] * plane + place[1] * row + place[2];
    const real *from = sums + segment->first;
    for (int64_t channel = 0; channel < channels; channel++, to += volume, from += sum_row) {
      CK_FOR_VECTORS(segment->count, vf_store_any(to + i * step, step,
                                                  n == VF_LANES ? vf_load(from + i) : vf_load_first(from + i, n), n);)
    }
  }
}
