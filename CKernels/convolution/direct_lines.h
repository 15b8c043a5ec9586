// Convolution of channels each by itself, where channels vary fastest: sums along channels, without panels. Included for
// each floating-point type by convolution.h.

enum {
  /// Vectors of sums that are under way together: positions, and elements of the window for a gradient of weights.
  CK_OF_DTYPE(convolution_sums) = 4,
  CK_OF_DTYPE(convolution_weights) = 9,
};

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

/// A direct convolution as one whose channels are all of one group, which is how its source lies.
CK_INLINE ck_convolution convolution_ungrouped(const ck_convolution *convolution) {
  ck_convolution all = *convolution;
  all.source_channels = all.groups;
  all.groups = 1;
  return all;
}

/// Cuts a segment where its windows begin, or cease, to lie inside the source along the last axis. Returns how many parts
/// there are.
CK_INLINE int convolution_cut_segment(const convolution_axis *axis, const convolution_segment *segment,
                                      convolution_segment parts[3]) {
  const int64_t start = convolution_source(axis, segment->at[2], 0);
  int64_t low, high, first, last;
  convolution_inside(axis, start, segment->count, &low, &high);
  convolution_inside(axis, start + (axis->taps - 1) * axis->reach, segment->count, &first, &last);
  if (first > low) low = first;
  if (last < high) high = last;
  if (low >= high) low = high = 0;
  const int64_t ends[4] = {0, low, high, segment->count};
  int count = 0;
  for (int i = 0; i < 3; i++) {
    if (ends[i] == ends[i + 1]) continue;
    parts[count] = *segment;
    parts[count].first += ends[i];
    parts[count].at[2] += ends[i];
    parts[count++].count = ends[i + 1] - ends[i];
  }
  return count;
}

/// Where each element of a window lies, counted from its first.
CK_INLINE void convolution_find_offsets(int64_t *offsets, const convolution_phase *phase,
                                        const convolution_windows *windows) {
  convolution_tap tap = {{0, 0, 0}};
  for (int64_t t = 0; t < phase->taps; t++) {
    offsets[t] =
        tap.at[0] * windows->plane + tap.at[1] * windows->row + tap.at[2] * phase->axes[2].reach * windows->pixel;
    convolution_next_tap(phase, &tap);
  }
}

/// The windows of a segment's part of all channels, from channel `first` on: where they lie, or else in `slab`.
CK_INLINE convolution_windows convolution_direct_windows(real *slab, int64_t row, const ck_convolution *all,
                                                         const convolution_phase *phase, const stored *source,
                                                         const convolution_segment *part) {
  const convolution_windows windows = convolution_windows_in_place(all, phase, source, part, true);
  if (windows.data != NULL) return windows;
  convolution_fill_slab(slab, row, all, phase, source, part, 0, phase->axes[0].taps * phase->axes[1].taps);
  return convolution_windows_of_slab(slab, row, all, phase);
}

/// The sums of `vectors` positions, `step` apart in the windows and `sum_row` in the sums, of `n` channels, plus biases.
CK_INLINE void convolution_sum_lines(real *sums, int64_t sum_row, const real *from, int64_t step,
                                     const int64_t *offsets, const real *weights, const real *biases, int64_t channels,
                                     int64_t taps, int64_t n, const int vectors) {
  enum { limit = CK_OF_DTYPE(convolution_sums) };
  const bool is_whole = n == VF_LANES;
  vf sum[limit];
#pragma clang loop unroll(full)
  for (int v = 0; v < vectors; v++) sum[v] = vf_zero();
  for (int64_t t = 0; t < taps; t++) {
    const real *element = from + offsets[t], *weight = weights + t * channels;
    const vf w = is_whole ? vf_load(weight) : vf_load_first(weight, n);
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      sum[v] = vf_fma(w, is_whole ? vf_load(element + v * step) : vf_load_first(element + v * step, n), sum[v]);
    }
  }
  const vf bias = is_whole ? vf_load(biases) : vf_load_first(biases, n);
#pragma clang loop unroll(full)
  for (int v = 0; v < vectors; v++) {
    const vf v_sum = vf_add(sum[v], bias);
    is_whole ? vf_store(sums + v * sum_row, v_sum) : vf_store_first(sums + v * sum_row, v_sum, n);
  }
}

/// As `convolution_sum_lines`, of windows whose rows are three elements as far apart as positions are, for neighbouring
/// positions: these share most of what they read.
CK_INLINE void convolution_sum_triples(real *sums, int64_t sum_row, const real *from, int64_t step,
                                       const int64_t *offsets, const real *weights, const real *biases,
                                       int64_t channels, int64_t taps) {
  enum { vectors = CK_OF_DTYPE(convolution_sums) };
  vf sum[vectors];
#pragma clang loop unroll(full)
  for (int v = 0; v < vectors; v++) sum[v] = vf_zero();
  for (int64_t t = 0; t < taps; t += 3, weights += 3 * channels) {
    vf elements[vectors + 2];
#pragma clang loop unroll(full)
    for (int e = 0; e < vectors + 2; e++) elements[e] = vf_load(from + offsets[t] + e * step);
#pragma clang loop unroll(full)
    for (int j = 0; j < 3; j++) {
      const vf w = vf_load(weights + j * channels);
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) sum[v] = vf_fma(w, elements[v + j], sum[v]);
    }
  }
  const vf bias = vf_load(biases);
#pragma clang loop unroll(full)
  for (int v = 0; v < vectors; v++) vf_store(sums + v * sum_row, vf_add(sum[v], bias));
}

/// The items of a direct convolution where channels vary fastest: blocks of positions of a phase, all channels.
static void convolution_direct_lines(const ck_launch *launch, int64_t begin, int64_t end, char *scratch) {
  enum { most_taps = convolution_most_direct_taps, vectors = CK_OF_DTYPE(convolution_sums) };
  const ck_convolution *convolution = launch->operands[4].data;
  const ck_convolution all = convolution_ungrouped(convolution);
  const ck_convolution_plan *plan = &convolution->plan;
  const int64_t channels = all.source_channels;
  const bool is_real = sizeof(stored) == sizeof(real);
  real *slab = (real *)scratch;
  scratch += convolution_room(plan->patch_elements * (int64_t)sizeof(real));
  real *room = (real *)scratch;
  scratch += convolution_room(plan->sum_elements * (int64_t)sizeof(real));
  convolution_segment *segments = (convolution_segment *)scratch;
  real *biases = (real *)(scratch + convolution_room(plan->position_block * (int64_t)sizeof(convolution_segment)));
  real *weights = biases + channels;
  const ck_operand *bias = &launch->operands[3];
  const ck_activation activation = (ck_activation)launch->attributes.integers[0];
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
    const int64_t slab_row = convolution_slab_row(channels, axes[2].step, axes[2].reach, axes[2].taps, plan->position_block);
    const int64_t segment_count = convolution_find_segments(
        &phase, first, left < plan->position_block ? left : plan->position_block, INT64_MAX, segments);
    for (int64_t s = 0; s < segment_count; s++) {
      convolution_segment parts[3];
      const int count = phase.taps > 0 ? convolution_cut_segment(&axes[2], &segments[s], parts) : 1;
      if (phase.taps == 0) parts[0] = segments[s];
      for (int i = 0; i < count; i++) {
        const convolution_segment *part = &parts[i];
        int64_t offsets[most_taps], place = part->image;
        convolution_windows windows = {.data = slab};
        if (phase.taps > 0) {
          windows = convolution_direct_windows(slab, slab_row, &all, &phase, launch->operands[1].data, part);
          convolution_find_offsets(offsets, &phase, &windows);
        }
        for (int d = 0; d < 3; d++) {
          place = place * axes[d].result + axes[d].first_result + part->at[d] * axes[d].result_step;
        }
        stored *to = (stored *)launch->operands[0].data + place * channels;
        const int64_t to_step = axes[2].result_step * channels, step = axes[2].step * windows.pixel;
        real *sums = is_real ? (real *)to : room;
        const int64_t sum_row = is_real ? to_step : channels;
        // Channels inside of positions, so that memory is gone through in its order.
        int64_t p = 0;
        const bool has_triples = axes[2].taps == 3 && axes[2].reach == axes[2].step;
        for (; p + vectors <= part->count; p += vectors) {
          if (has_triples && channels % VF_LANES == 0) {
            for (int64_t i = 0; i < channels; i += VF_LANES) {
              convolution_sum_triples(sums + p * sum_row + i, sum_row, windows.data + p * step + i, step, offsets,
                                      weights + i, biases + i, channels, phase.taps);
            }
            continue;
          }
          CK_FOR_VECTORS(channels, convolution_sum_lines(sums + p * sum_row + i, sum_row, windows.data + p * step + i, step,
                                                         offsets, weights + i, biases + i, channels, phase.taps, n,
                                                         vectors);)
        }
        for (; p < part->count; p++) {
          CK_FOR_VECTORS(channels, convolution_sum_lines(sums + p * sum_row + i, sum_row, windows.data + p * step + i, step,
                                                         offsets, weights + i, biases + i, channels, phase.taps, n, 1);)
        }
        if (activation != CK_ACTIVATION_NONE) {
          for (p = 0; p < part->count; p++) {
            convolution_finish_row(sums + p * sum_row, channels, vf_set1((real)-0.0), NULL, activation);
          }
        }
        if (is_real) continue;
        for (int64_t p = 0; p < part->count; p++) {
          CK_FOR_VECTORS(channels, const real *sum = sums + p * sum_row + i;
                         vf_store_any(to + p * to_step + i, 1, n == VF_LANES ? vf_load(sum) : vf_load_first(sum, n), n);)
        }
      }
    }
  }
}

/// Adds to `count` sums, which lie `sum_row` apart, the products of the gradient of positions with what their windows have
/// at `offsets`, of `n` channels. The gradient's positions lie `pixel` apart, the windows `step`.
CK_INLINE void convolution_add_weights(real *sums, int64_t sum_row, const stored *gradient, int64_t pixel,
                                       const real *from, int64_t step, int64_t positions, const int64_t *offsets,
                                       int64_t n, const int count) {
  enum { limit = CK_OF_DTYPE(convolution_weights) };
  const bool is_whole = n == VF_LANES;
  vf sum[limit];
  const real *elements[limit];
#pragma clang loop unroll(full)
  for (int t = 0; t < count; t++) {
    sum[t] = vf_load(sums + t * sum_row);
    elements[t] = from + offsets[t];
  }
  for (int64_t p = 0; p < positions; p++, gradient += pixel) {
    const vf slope = is_whole ? vf_load_stored(gradient) : vf_load_stored_first(gradient, n);
#pragma clang loop unroll(full)
    for (int t = 0; t < count; t++) {
      const real *element = elements[t] + p * step;
      sum[t] = vf_fma(slope, is_whole ? vf_load(element) : vf_load_first(element, n), sum[t]);
    }
  }
#pragma clang loop unroll(full)
  for (int t = 0; t < count; t++) vf_store(sums + t * sum_row, sum[t]);
}

/// The items of the gradient of weights of such a convolution: per part, blocks of channels.
static void convolution_direct_weights(const ck_launch *launch, int64_t begin, int64_t end, char *scratch) {
  enum { most_taps = convolution_most_direct_taps, together = CK_OF_DTYPE(convolution_weights) };
  const ck_convolution *convolution = launch->operands[3].data;
  const ck_convolution all = convolution_ungrouped(convolution);
  const ck_convolution_plan *plan = &convolution->plan;
  const convolution_phase phase = convolution_make_phase(convolution, 0);
  const convolution_axis *axes = phase.axes;
  const int64_t channels = all.source_channels, block = plan->channel_block;
  const int64_t positions = convolution->batch * phase.positions;
  real *slab = (real *)scratch, *sums = (real *)(scratch + convolution_room(plan->patch_elements * (int64_t)sizeof(real)));
  const int64_t sum_row = block + VF_LANES;
  convolution_segment *segments =
      (convolution_segment *)((char *)sums + convolution_room(phase.taps * sum_row * (int64_t)sizeof(real)));
  const int64_t longest = axes[2].positions < plan->part_length ? axes[2].positions : plan->part_length;
  const int64_t slab_row = convolution_slab_row(channels, axes[2].step, axes[2].reach, axes[2].taps, longest);
  for (int64_t item = begin; item < end; item++) {
    const int64_t part = item / plan->channel_blocks, first_channel = (item - part * plan->channel_blocks) * block;
    const int64_t count = channels - first_channel < block ? channels - first_channel : block;
    const int64_t first = part * plan->part_length;
    const int64_t last = first + plan->part_length < positions ? first + plan->part_length : positions;
    memset(sums, 0, (size_t)(phase.taps * sum_row) * sizeof(real));
    const stored *gradient = (const stored *)launch->operands[1].data + first * channels + first_channel;
    const int64_t segment_count = convolution_find_segments(&phase, first, last - first, INT64_MAX, segments);
    for (int64_t s = 0; s < segment_count; s++) {
      convolution_segment parts[3];
      const int part_count = convolution_cut_segment(&axes[2], &segments[s], parts);
      for (int k = 0; k < part_count; k++) {
        const convolution_windows windows =
            convolution_direct_windows(slab, slab_row, &all, &phase, launch->operands[2].data, &parts[k]);
        int64_t offsets[most_taps];
        convolution_find_offsets(offsets, &phase, &windows);
        const stored *slopes = gradient + parts[k].first * channels;
        const int64_t step = axes[2].step * windows.pixel;
        CK_FOR_VECTORS(
            count, int64_t t = 0; real *to = sums + i; const real *from = windows.data + first_channel + i;
            for (; t + together <= phase.taps; t += together) {
              convolution_add_weights(to + t * sum_row, sum_row, slopes + i, channels, from, step, parts[k].count, offsets + t,
                                      n, together);
            }
            for (; t < phase.taps; t++) {
              convolution_add_weights(to + t * sum_row, sum_row, slopes + i, channels, from, step, parts[k].count, offsets + t,
                                      n, 1);
            })
      }
    }
    real *to = (real *)launch->operands[0].data + (part * channels + first_channel) * phase.taps;
    for (int64_t c = 0; c < count; c++) {
      for (int64_t t = 0; t < phase.taps; t++) to[c * phase.taps + t] = sums[t * sum_row + c];
    }
  }
}
