// The convolution, and its transpose, which is one too. Included for each floating-point type by convolution.h.

/// The parts of a tile function's scratch memory.
typedef struct convolution_scratch {
  /// Patches, or the slab.
  real *patches;
  real *sums;
  convolution_segment *segments;
  ck_gemm_run *runs;
} convolution_scratch;

CK_INLINE convolution_scratch convolution_take_scratch(const ck_convolution_plan *plan, char *scratch) {
  convolution_scratch parts = {.patches = (real *)scratch};
  scratch += convolution_room(plan->patch_elements * (int64_t)sizeof(real));
  parts.sums = (real *)scratch;
  scratch += convolution_room(plan->sum_elements * (int64_t)sizeof(real));
  parts.segments = (convolution_segment *)scratch;
  scratch += convolution_room(plan->position_block * (int64_t)sizeof(convolution_segment));
  parts.runs = (ck_gemm_run *)scratch;
  return parts;
}

/// One block: positions of `phase` by result channels, which are counted from the first of the group on.
typedef struct convolution_block {
  int64_t first, positions, first_channel, channels;
  /// Packed.
  const real *weights;
  /// The first channels of the group and of the block.
  const stored *source;
  stored *result;
} convolution_block;

/// A block of a row-major result: channels are the rows of a product, patches its columns.
static void convolution_compute_rows(const ck_launch *launch, const convolution_phase *phase,
                                     const convolution_block *block, char *memory) {
  const ck_convolution *convolution = launch->operands[4].data;
  const ck_convolution_plan *plan = &convolution->plan;
  const convolution_scratch scratch = convolution_take_scratch(plan, memory);
  const int64_t positions = block->positions;
  const int64_t sum_row = (positions + CK_GEMM_COLUMNS - 1) / CK_GEMM_COLUMNS * CK_GEMM_COLUMNS;
  const int64_t segments =
      convolution_find_segments(phase, block->first, positions, CK_GEMM_COLUMNS, scratch.segments);
  int64_t begin = 0;
  do {
    const int64_t left = phase->depth - begin, depth = left < plan->depth_block ? left : plan->depth_block;
    convolution_pack_rows(scratch.patches, convolution, phase, block->source, scratch.segments, segments, positions,
                          begin, depth);
    ck_gemm_multiply_panels(&(ck_gemm_panels){
        .a = block->weights + begin * CK_GEMM_ROWS,
        .a_panel = plan->panel_elements,
        .panel_rows = plan->panel_channels,
        .b = scratch.patches,
        .b_panel = depth * CK_GEMM_COLUMNS,
        .rows = block->channels,
        .columns = positions,
        .depth = depth,
        .c = scratch.sums,
        .c_row = sum_row,
        .accumulates = begin > 0,
    });
    begin += depth;
  } while (begin < phase->depth);
  convolution_finish(launch, false, block->first_channel, block->channels, positions, scratch.sums, sum_row);
  convolution_store_rows(convolution, phase, block->result, scratch.segments, segments, scratch.sums, sum_row,
                         block->channels);
}

/// A block of a result whose channels vary fastest: positions are the rows of a product, which reads windows where they are.
static void convolution_compute_lines(const ck_launch *launch, const convolution_phase *phase,
                                      const convolution_block *block, char *memory) {
  const ck_convolution *convolution = launch->operands[4].data;
  const ck_convolution_plan *plan = &convolution->plan;
  const convolution_axis *axes = phase->axes;
  const convolution_scratch scratch = convolution_take_scratch(plan, memory);
  const int64_t segments =
      convolution_find_segments(phase, block->first, block->positions, INT64_MAX, scratch.segments);
  const int64_t slab_row = convolution_slab_row(convolution->source_channels, axes[2].step, axes[2].reach, axes[2].taps,
                                                plan->position_block);
  const int64_t pixel = convolution->groups * convolution->result_channels;
  const bool is_real = sizeof(stored) == sizeof(real);
  for (int64_t s = 0; s < segments; s++) {
    const convolution_segment *segment = &scratch.segments[s];
    convolution_windows windows =
        convolution_windows_in_place(convolution, phase, block->source, segment, false);
    if (windows.data == NULL) {
      windows = convolution_windows_of_slab(scratch.patches, slab_row, convolution, phase);
      convolution_fill_slab(scratch.patches, slab_row, convolution, phase, block->source, segment, 0,
                            axes[0].taps * axes[1].taps);
    }
    int64_t place = segment->image;
    for (int d = 0; d < 3; d++) {
      place = place * axes[d].result + axes[d].first_result + segment->at[d] * axes[d].result_step;
    }
    stored *result = block->result + place * pixel;
    // Sums are stored at once where they are elements.
    real *sums = is_real ? (real *)result : scratch.sums;
    const int64_t sum_row = is_real ? axes[2].result_step * pixel : block->channels;
    int64_t begin = 0;
    do {
      const int64_t left = phase->depth - begin, depth = left < plan->depth_block ? left : plan->depth_block;
      const int64_t runs = convolution_find_runs(scratch.runs, convolution, phase, &windows, begin, depth, CK_GEMM_COLUMNS);
      ck_gemm_multiply_runs(&(ck_gemm_runs){
          .a = windows.data,
          .a_row = axes[2].step * windows.pixel,
          .a_step = 1,
          .b = block->weights + begin * CK_GEMM_COLUMNS,
          .b_step = CK_GEMM_COLUMNS,
          .b_panel = plan->panel_elements,
          .runs = scratch.runs,
          .run_count = runs,
          .depth = depth,
          .rows = segment->count,
          .columns = block->channels,
          .c = sums,
          .c_row = sum_row,
          .accumulates = begin > 0,
      });
      begin += depth;
    } while (begin < phase->depth);
    convolution_finish(launch, true, block->first_channel, block->channels, segment->count, sums, sum_row);
    if (!is_real) {
      for (int64_t p = 0; p < segment->count; p++) {
        stored *to = result + p * axes[2].result_step * pixel;
        CK_FOR_VECTORS(block->channels, const real *from = sums + p * sum_row + i;
                       vf_store_any(to + i, 1, n == VF_LANES ? vf_load(from) : vf_load_first(from, n), n);)
      }
    }
  }
}

/// The convolution or transpose that a ck_convolution describes, plus a bias, and then an activation.
///
/// Operands: result, source (both without gaps, in the order that the convolution tells), the weights as
/// `convolution_pack` has them, or where the plan is direct as they are, bias (strides[0] over all result channels; NULL data for none), and the ck_convolution.
/// integers[0] = a ck_activation. The launch's shape is {result channels, elements of a window, source channels of a group,
/// positions}, for counting work alone. Items are blocks of the result: per phase and group, positions fastest, then
/// channels; of a direct plan, see convolution/direct_rows.h and direct_lines.h. The result may overlap nothing else.
/// NaN and infinities spread as the sum of products has them, where padding counts as zeros that are multiplied.
/// Error: as for `gemm_…` with k = elements of a window times source channels, k running over these in that order; so a
/// result has the same bits in either order of channels and positions. 16-bit elements are multiplied and added up as
/// float32 and rounded once; the activation gets what would be stored without it, and has the bits of its own kernel.
CK_TILE(convolution, CK_DTYPE) {
  const ck_convolution *convolution = launch->operands[4].data;
  const ck_convolution_plan *plan = &convolution->plan;
  const bool is_last = convolution->is_channels_last;
  if (plan->is_direct) {
    is_last ? convolution_direct_lines(launch, begin, end, scratch)
            : convolution_direct_rows(launch, begin, end, scratch);
    return;
  }
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
    const convolution_block block = {
        .first = first,
        .positions = positions_left < plan->position_block ? positions_left : plan->position_block,
        .first_channel = first_channel,
        .channels = channels_left < plan->channel_block ? channels_left : plan->channel_block,
        .weights = weights,
        .source = (const stored *)launch->operands[1].data +
                  group * convolution->source_channels * (is_last ? 1 : source_volume),
        .result = (stored *)launch->operands[0].data + first_channel * (is_last ? 1 : result_volume),
    };
    is_last ? convolution_compute_lines(launch, &phase, &block, scratch)
            : convolution_compute_rows(launch, &phase, &block, scratch);
  }
}
