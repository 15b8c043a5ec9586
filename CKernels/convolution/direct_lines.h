// Convolution of channels each by itself, where channels vary fastest: sums along channels, without panels. Included for
// each floating-point type by convolution.h.

/// The weights of result channel `result` of a group, as they are multiplied: for each element of the phase's window, each
/// source channel.
static void convolution_read_weights(real *weights, const ck_launch *launch, const convolution_phase *phase,
                                     int64_t group, int64_t result) {
  const ck_convolution *convolution = launch->operands[4].data;
  const stored *from = (const stored *)launch->operands[2].data + group * convolution->weight_group +
                       result * convolution->weight_result;
  convolution_tap tap = {{0, 0, 0}};
  for (int64_t t = 0; t < phase->taps; t++) {
    int64_t offset = 0;
    for (int d = 0; d < 3; d++) {
      offset += (phase->axes[d].first_tap + tap.at[d] * phase->axes[d].tap_step) * convolution->weight_axes[d];
    }
    for (int64_t s = 0; s < convolution->source_channels; s++) {
      *weights++ = real_of_stored(from[offset + s * convolution->weight_source]);
    }
    convolution_next_tap(phase, &tap);
  }
}

/// Where the elements of a window lie that begins at `starts`: `zeros` for those beyond the source.
CK_INLINE void convolution_find_elements(const stored **elements, const convolution_phase *phase, const stored *image,
                                         const int64_t starts[3], int64_t pixel, const stored *zeros) {
  const convolution_axis *axes = phase->axes;
  int64_t t = 0;
  for (int64_t jd = 0; jd < axes[0].taps; jd++) {
    const int64_t d = starts[0] + jd * axes[0].reach;
    for (int64_t jh = 0; jh < axes[1].taps; jh++) {
      const int64_t h = starts[1] + jh * axes[1].reach, row = (d * axes[1].source + h) * axes[2].source;
      const bool is_inside = convolution_is_inside(&axes[0], d) && convolution_is_inside(&axes[1], h);
      for (int64_t jw = 0; jw < axes[2].taps; jw++, t++) {
        const int64_t w = starts[2] + jw * axes[2].reach;
        elements[t] = is_inside && convolution_is_inside(&axes[2], w) ? image + (row + w) * pixel : zeros;
      }
    }
  }
}

/// The items of a direct convolution where channels vary fastest: blocks of positions of a phase, all channels.
static void convolution_direct_lines(const ck_launch *launch, int64_t begin, int64_t end, char *scratch) {
  enum { most_taps = convolution_most_direct_taps, vectors = 4 };
  const ck_convolution *convolution = launch->operands[4].data;
  const ck_convolution_plan *plan = &convolution->plan;
  const ck_operand *bias = &launch->operands[3];
  const int64_t channels = convolution->groups;
  const ck_activation activation = (ck_activation)launch->attributes.integers[0];
  const int64_t line_bytes = convolution_room((channels + VF_LANES) * (int64_t)sizeof(real));
  real *sums = (real *)scratch, *biases = (real *)(scratch + line_bytes);
  stored *zeros = (stored *)(scratch + 2 * line_bytes);
  convolution_segment *segments = (convolution_segment *)(scratch + 3 * line_bytes);
  real *weights = (real *)(scratch + 3 * line_bytes +
                           convolution_room(plan->position_block * (int64_t)sizeof(convolution_segment)));
  memset(zeros, 0, (size_t)channels * sizeof(stored));
  for (int64_t c = 0; c < channels; c++) {
    biases[c] = bias->data != NULL ? real_of_stored(((const stored *)bias->data)[c * bias->strides[0]]) : (real)-0.0;
  }
  int64_t packed = -1;
  for (int64_t item = begin; item < end; item++) {
    const int64_t index = item / plan->position_blocks;
    const convolution_phase phase = convolution_make_phase(convolution, index);
    const convolution_axis *axes = phase.axes;
    const int64_t first = (item - index * plan->position_blocks) * plan->position_block;
    const int64_t left = convolution->batch * phase.positions - first;
    if (left <= 0) continue;
    if (packed != index) {
      // [element of the window][channel]
      for (int64_t c = 0; c < channels; c++) {
        real one[most_taps];
        convolution_read_weights(one, launch, &phase, c, 0);
        for (int64_t t = 0; t < phase.taps; t++) weights[t * channels + c] = one[t];
      }
      packed = index;
    }
    const int64_t segment_count = convolution_find_segments(
        &phase, first, left < plan->position_block ? left : plan->position_block, INT64_MAX, segments);
    for (int64_t s = 0; s < segment_count; s++) {
      const convolution_segment *segment = &segments[s];
      const stored *image = (const stored *)launch->operands[1].data +
                            segment->image * axes[0].source * axes[1].source * axes[2].source * channels;
      int64_t place = segment->image, starts[3];
      for (int d = 0; d < 3; d++) {
        starts[d] = convolution_source(&axes[d], segment->at[d], 0);
        place = place * axes[d].result + axes[d].first_result + segment->at[d] * axes[d].result_step;
      }
      stored *to = (stored *)launch->operands[0].data + place * channels;
      for (int64_t p = 0; p < segment->count; p++, to += axes[2].result_step * channels, starts[2] += axes[2].step) {
        const stored *elements[most_taps];
        convolution_find_elements(elements, &phase, image, starts, channels, zeros);
        int64_t c = 0;
        for (; c + vectors * VF_LANES <= channels; c += vectors * VF_LANES) {
          vf sum[vectors];
#pragma clang loop unroll(full)
          for (int v = 0; v < vectors; v++) sum[v] = vf_zero();
          for (int64_t t = 0; t < phase.taps; t++) {
#pragma clang loop unroll(full)
            for (int v = 0; v < vectors; v++) {
              sum[v] = vf_fma(vf_load(weights + t * channels + c + v * VF_LANES),
                              vf_load_stored(elements[t] + c + v * VF_LANES), sum[v]);
            }
          }
#pragma clang loop unroll(full)
          for (int v = 0; v < vectors; v++) vf_store(sums + c + v * VF_LANES, sum[v]);
        }
        for (; c < channels; c += VF_LANES) {
          const int64_t n = channels - c < VF_LANES ? channels - c : VF_LANES;
          vf sum = vf_zero();
          for (int64_t t = 0; t < phase.taps; t++) {
            sum = vf_fma(vf_load_first(weights + t * channels + c, n), vf_load_stored_first(elements[t] + c, n), sum);
          }
          vf_store(sums + c, sum);
        }
        if (bias->data != NULL || activation != CK_ACTIVATION_NONE) {
          convolution_finish_row(sums, channels, vf_zero(), biases, activation);
        }
        CK_FOR_VECTORS(channels, vf_store_any(to + i, 1, vf_load(sums + i), n);)
      }
    }
  }
}

/// The items of the gradient of weights of such a convolution: per part, blocks of channels.
static void convolution_direct_weights(const ck_launch *launch, int64_t begin, int64_t end, char *scratch) {
  enum { most_taps = convolution_most_direct_taps };
  const ck_convolution *convolution = launch->operands[3].data;
  const ck_convolution_plan *plan = &convolution->plan;
  const convolution_phase phase = convolution_make_phase(convolution, 0);
  const convolution_axis *axes = phase.axes;
  const int64_t channels = convolution->groups, block = plan->channel_block;
  const int64_t positions = convolution->batch * phase.positions;
  real *sums = (real *)scratch;
  convolution_segment *segments =
      (convolution_segment *)(scratch + convolution_room(phase.taps * (block + VF_LANES) * (int64_t)sizeof(real)));
  const int64_t sum_row = block + VF_LANES;
  for (int64_t item = begin; item < end; item++) {
    const int64_t part = item / plan->channel_blocks, first_channel = (item - part * plan->channel_blocks) * block;
    const int64_t count = channels - first_channel < block ? channels - first_channel : block;
    const int64_t first = part * plan->part_length;
    const int64_t last = first + plan->part_length < positions ? first + plan->part_length : positions;
    memset(sums, 0, (size_t)(phase.taps * sum_row) * sizeof(real));
    const stored *gradient = (const stored *)launch->operands[1].data + first * channels + first_channel;
    const int64_t segment_count = convolution_find_segments(&phase, first, last - first, INT64_MAX, segments);
    for (int64_t s = 0; s < segment_count; s++) {
      const convolution_segment *segment = &segments[s];
      const stored *image = (const stored *)launch->operands[2].data + first_channel +
                            segment->image * axes[0].source * axes[1].source * axes[2].source * channels;
      int64_t starts[3];
      for (int d = 0; d < 3; d++) starts[d] = convolution_source(&axes[d], segment->at[d], 0);
      for (int64_t p = 0; p < segment->count; p++, gradient += channels, starts[2] += axes[2].step) {
        const stored *elements[most_taps];
        convolution_find_elements(elements, &phase, image, starts, channels, NULL);
        CK_FOR_VECTORS(count, const vf slope = vf_load_any(gradient + i, 1, n);
                       for (int64_t t = 0; t < phase.taps; t++) {
                         if (elements[t] == NULL) continue;
                         real *sum = sums + t * sum_row + i;
                         vf_store(sum, vf_fma(slope, vf_load_any(elements[t] + i, 1, n), vf_load(sum)));
                       })
      }
    }
    real *to = (real *)launch->operands[0].data + (part * channels + first_channel) * phase.taps;
    for (int64_t c = 0; c < count; c++) {
      for (int64_t t = 0; t < phase.taps; t++) to[c * phase.taps + t] = sums[t * sum_row + c];
    }
  }
}
