// The convolution, and its transpose, which is one too. Included for each floating-point type by convolution.h.

/// The parts of a tile function's scratch memory.
typedef struct convolution_scratch {
  real *patches, *sums;
  convolution_segment *segments;
  stored *room;
} convolution_scratch;

CK_INLINE convolution_scratch convolution_take_scratch(const ck_convolution *convolution, int64_t depth, char *scratch) {
  const ck_convolution_plan *plan = &convolution->plan;
  const bool is_last = convolution->is_channels_last;
  const int64_t step = is_last ? CK_GEMM_ROWS : CK_GEMM_COLUMNS;
  const int64_t columns = is_last ? plan->channel_block : plan->position_block;
  const int64_t rows = is_last ? plan->position_block : plan->channel_block;
  convolution_scratch parts = {.patches = (real *)scratch};
  scratch += convolution_room((plan->position_block + step - 1) / step * (depth * step + 16) * (int64_t)sizeof(real));
  parts.sums = (real *)scratch;
  scratch += convolution_room(rows * ((columns + CK_GEMM_COLUMNS - 1) / CK_GEMM_COLUMNS * CK_GEMM_COLUMNS) *
                              (int64_t)sizeof(real));
  parts.segments = (convolution_segment *)scratch;
  scratch += convolution_room(plan->position_block * (int64_t)sizeof(convolution_segment));
  parts.room = (stored *)scratch;
  return parts;
}

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

/// One block: `positions` positions of `phase` from `first` on by `channels` result channels, whose packed weights are
/// at `weights`. `source` and `result` are the first channels of the group and of the block.
static void convolution_compute(const ck_launch *launch, const convolution_phase *phase, int64_t first,
                                int64_t positions, int64_t first_channel, int64_t channels, const real *weights,
                                const stored *source, stored *result, char *memory) {
  const ck_convolution *convolution = launch->operands[4].data;
  const ck_convolution_plan *plan = &convolution->plan;
  const bool is_last = convolution->is_channels_last;
  const int64_t depth_block = plan->depth_block;
  const int64_t most_depth = phase->depth < depth_block ? phase->depth : depth_block;
  const convolution_scratch scratch = convolution_take_scratch(convolution, most_depth, memory);
  const int64_t calls = (positions + CK_GEMM_ROWS - 1) / CK_GEMM_ROWS, panel_rows = (positions + calls - 1) / calls;
  const int64_t columns = is_last ? channels : positions, rows = is_last ? positions : channels;
  const int64_t sum_row = (columns + CK_GEMM_COLUMNS - 1) / CK_GEMM_COLUMNS * CK_GEMM_COLUMNS;
  const int64_t segments =
      convolution_find_segments(phase, first, positions, is_last ? INT64_MAX : CK_GEMM_COLUMNS, scratch.segments);
  int64_t begin = 0;
  do {
    const int64_t depth = phase->depth - begin < depth_block ? phase->depth - begin : depth_block;
    ck_gemm_panels panels = {
        .rows = rows,
        .columns = columns,
        .depth = depth,
        .c = scratch.sums,
        .c_row = sum_row,
        .accumulates = begin > 0,
    };
    if (is_last) {
      panels.a_panel = depth * CK_GEMM_ROWS + CK_GEMM_PANEL_GAP;
      convolution_pack_lines(scratch.patches, panels.a_panel, convolution, phase, source, scratch.segments, positions,
                             panel_rows, begin, depth, scratch.room);
      panels.a = scratch.patches;
      panels.panel_rows = panel_rows;
      panels.b = weights + begin * CK_GEMM_COLUMNS;
      panels.b_panel = plan->panel_elements;
    } else {
      convolution_pack_rows(scratch.patches, convolution, phase, source, scratch.segments, segments, positions, begin,
                            depth);
      panels.a = weights + begin * CK_GEMM_ROWS;
      panels.a_panel = plan->panel_elements;
      panels.panel_rows = plan->panel_channels;
      panels.b = scratch.patches;
      panels.b_panel = depth * CK_GEMM_COLUMNS;
    }
    ck_gemm_multiply_panels(&panels);
    begin += depth;
  } while (begin < phase->depth);
  convolution_finish(launch, is_last, first_channel, channels, positions, scratch.sums, sum_row);
  if (is_last) {
    convolution_store_lines(convolution, phase, result, scratch.segments, segments, scratch.sums, sum_row, channels);
  } else {
    convolution_store_rows(convolution, phase, result, scratch.segments, segments, scratch.sums, sum_row, channels);
  }
}

/// The convolution or transpose that a ck_convolution describes, plus a bias, and then an activation.
///
/// Operands: result, source (both without gaps, in the order that the convolution tells), the weights as
/// `convolution_pack` has them, bias (strides[0] over all result channels; NULL data for none), and the ck_convolution.
/// integers[0] = a ck_activation. The launch's shape is {result channels, elements of a window, source channels of a group,
/// positions}, for counting work alone. Items are blocks of the result: per phase and group, positions fastest, then
/// channels. The result may overlap nothing else.
/// NaN and infinities spread as the sum of products has them, where padding counts as zeros that are multiplied.
/// Error: as for `gemm_…` with k = elements of a window times source channels, k running over these in that order; so a
/// result has the same bits in either order of channels and positions. 16-bit elements are multiplied and added up as
/// float32 and rounded once; the activation gets what would be stored without it, and has the bits of its own kernel.
CK_TILE(convolution, CK_DTYPE) {
  const ck_convolution *convolution = launch->operands[4].data;
  const ck_convolution_plan *plan = &convolution->plan;
  const bool is_last = convolution->is_channels_last;
  const int64_t channels = convolution->result_channels;
  for (int64_t item = begin; item < end; item++) {
    const int64_t row = item / plan->position_blocks, row_group = row / plan->channel_blocks;
    const int64_t group = row_group % convolution->groups, index = row_group / convolution->groups;
    const convolution_phase phase = convolution_make_phase(convolution, index);
    const int64_t first = (item - row * plan->position_blocks) * plan->position_block;
    const int64_t positions_left = convolution->batch * phase.positions - first;
    if (positions_left <= 0) continue;
    const int64_t channel = (row - row_group * plan->channel_blocks) * plan->channel_block;
    const int64_t channels_left = channels - channel;
    const real *weights = (const real *)launch->operands[2].data +
                          (row_group * plan->panels + channel / plan->panel_channels) * plan->panel_elements;
    const int64_t source_volume = phase.axes[0].source * phase.axes[1].source * phase.axes[2].source;
    const int64_t result_volume = phase.axes[0].result * phase.axes[1].result * phase.axes[2].result;
    const int64_t first_channel = group * channels + channel;
    convolution_compute(launch, &phase, first,
                        positions_left < plan->position_block ? positions_left : plan->position_block, first_channel,
                        channels_left < plan->channel_block ? channels_left : plan->channel_block, weights,
                        (const stored *)launch->operands[1].data +
                            group * convolution->source_channels * (is_last ? 1 : source_volume),
                        (stored *)launch->operands[0].data + first_channel * (is_last ? 1 : result_volume), scratch);
  }
}
