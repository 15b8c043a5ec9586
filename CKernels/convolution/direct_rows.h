// Convolution of few channels by few, as where each channel is a group of its own, in a row-major source: sums along rows,
// without panels. Included for each floating-point type by convolution.h.

/// Copies what the windows of `rows` rows by `columns` positions, from position `at` of a phase on, read of one channel, to
/// `buffer`: [element of the window along the first axis][row][residue of the column by the step][column], zeros where the
/// windows reach beyond the source.
static void convolution_fill(real *buffer, const convolution_phase *phase, const stored *source, const int64_t at[3],
                             int64_t rows, int64_t length) {
  const convolution_axis *axes = phase->axes;
  const int64_t step = axes[2].step;
  const int64_t start = convolution_source(&axes[2], at[2], 0), top = convolution_source(&axes[1], at[1], 0);
  for (int64_t jd = 0; jd < axes[0].taps; jd++) {
    const int64_t d = convolution_source(&axes[0], at[0], jd);
    for (int64_t row = 0; row < rows; row++) {
      const int64_t h = top + row;
      const bool is_inside = convolution_is_inside(&axes[0], d) && convolution_is_inside(&axes[1], h);
      for (int64_t residue = 0; residue < step; residue++, buffer += length) {
        int64_t low = 0, high = 0;
        if (is_inside) convolution_inside(&axes[2], start + residue, length, &low, &high);
        memset(buffer, 0, (size_t)low * sizeof(real));
        if (low < high) {
          const stored *from =
              source + ((d * axes[1].source + h) * axes[2].source + start + residue + low * step);
          CK_FOR_VECTORS(high - low, const vf v = vf_load_any(from + i * step, step, n);
                         n == VF_LANES ? vf_store(buffer + low + i, v) : vf_store_first(buffer + low + i, v, n);)
        }
        memset(buffer + high, 0, (size_t)(length - high) * sizeof(real));
      }
    }
  }
}

/// One row of sums: at each of `count` positions, rounded up to whole steps, over `taps` elements of the window, which lie
/// `offsets` behind the position.
static void convolution_sum_row(real *sums, const real *buffer, int64_t count, const int64_t *offsets,
                                const real *weights, int64_t taps) {
  enum { vectors = CK_OF_DTYPE(convolution_sums) };
  for (int64_t i = 0; i < count; i += vectors * VF_LANES) {
    vf sum[vectors];
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) sum[v] = vf_zero();
    // Few instructions a tap, and often nine of them.
#pragma clang loop unroll_count(8)
    for (int64_t t = 0; t < taps; t++) {
      const vf weight = vf_set1(weights[t]);
      const real *from = buffer + offsets[t] + i;
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) sum[v] = vf_fma(weight, vf_load(from + v * VF_LANES), sum[v]);
    }
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) vf_store(sums + i + v * VF_LANES, sum[v]);
  }
}

/// The items of a direct convolution in a row-major source: per phase, image, group and place along the first axis, a block
/// of rows by columns, all result channels of the group.
static void convolution_direct_rows(const ck_launch *launch, int64_t begin, int64_t end, char *scratch) {
  enum { most_taps = convolution_most_direct_taps, step = CK_OF_DTYPE(convolution_sums) * VF_LANES };
  const ck_convolution *convolution = launch->operands[4].data;
  const ck_convolution_plan *plan = &convolution->plan;
  const ck_operand *bias = &launch->operands[3];
  const int64_t sources = convolution->source_channels, results = convolution->result_channels;
  const ck_activation activation = (ck_activation)launch->attributes.integers[0];
  real *sums = (real *)scratch;
  real *buffer = (real *)(scratch + convolution_room((plan->position_block + step) * (int64_t)sizeof(real)));
  for (int64_t item = begin; item < end; item++) {
    int64_t at[3], rest = item / plan->position_blocks;
    at[2] = (item - rest * plan->position_blocks) * plan->position_block;
    at[1] = rest % plan->row_blocks * plan->row_block;
    rest /= plan->row_blocks;
    at[0] = rest % plan->planes;
    rest /= plan->planes;
    const int64_t group = rest % convolution->groups, image = rest / convolution->groups % convolution->batch;
    const convolution_phase phase =
        convolution_make_phase(convolution, rest / convolution->groups / convolution->batch);
    const convolution_axis *axes = phase.axes;
    if (at[0] >= axes[0].positions || at[1] >= axes[1].positions || at[2] >= axes[2].positions) continue;
    const int64_t rows_left = axes[1].positions - at[1], columns_left = axes[2].positions - at[2];
    const int64_t rows = rows_left < plan->row_block ? rows_left : plan->row_block;
    const int64_t columns = columns_left < plan->position_block ? columns_left : plan->position_block;

    // What the windows read, and where in it each of their elements is.
    const int64_t reach = axes[2].taps > 0 ? (axes[2].taps - 1) * axes[2].reach / axes[2].step : 0;
    const int64_t length = (columns + step - 1) / step * step + reach + 1, row = axes[2].step * length;
    const int64_t window_rows = axes[1].taps > 0 ? (axes[1].taps - 1) * axes[1].reach : 0;
    const int64_t read_rows = (rows - 1) * axes[1].step + window_rows + 1;
    const int64_t channel = axes[0].taps * read_rows * row;
    const int64_t volume = axes[0].source * axes[1].source * axes[2].source;
    int64_t offsets[most_taps];
    convolution_tap tap = {{0, 0, 0}};
    for (int64_t t = 0; t < phase.taps; t++) {
      const int64_t column = tap.at[2] * axes[2].reach;
      const int64_t place = (tap.at[0] * read_rows + tap.at[1] * axes[1].reach) * row +
                            column % axes[2].step * length + column / axes[2].step;
      for (int64_t s = 0; s < sources; s++) offsets[t * sources + s] = s * channel + place;
      convolution_next_tap(&phase, &tap);
    }
    if (phase.taps > 0) {
      const stored *source =
          (const stored *)launch->operands[1].data + (image * convolution->groups + group) * sources * volume;
      for (int64_t s = 0; s < sources; s++) {
        convolution_fill(buffer + s * channel, &phase, source + s * volume, at, read_rows, length);
      }
    }

    for (int64_t r = 0; r < results; r++) {
      real weights[most_taps];
      convolution_read_weights(weights, launch, &phase, group, r);
      const int64_t result = group * results + r;
      const vf one = bias->data != NULL ? vf_repeat((const stored *)bias->data + result * bias->strides[0])
                                        : vf_set1((real)-0.0);
      const int64_t place[3] = {axes[0].first_result + at[0] * axes[0].result_step,
                                axes[1].first_result + at[1] * axes[1].result_step,
                                axes[2].first_result + at[2] * axes[2].result_step};
      stored *to = (stored *)launch->operands[0].data +
                   (((image * convolution->groups * results + result) * axes[0].result + place[0]) * axes[1].result +
                    place[1]) * axes[2].result + place[2];
      for (int64_t y = 0; y < rows; y++, to += axes[1].result_step * axes[2].result) {
        convolution_sum_row(sums, buffer + y * axes[1].step * row, columns, offsets, weights, phase.depth);
        if (bias->data != NULL || activation != CK_ACTIVATION_NONE) {
          convolution_finish_row(sums, columns, one, NULL, activation);
        }
        const int64_t result_step = axes[2].result_step;
        CK_FOR_VECTORS(columns, vf_store_any(to + i * result_step, result_step, vf_load(sums + i), n);)
      }
    }
  }
}
