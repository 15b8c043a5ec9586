// The gradient of a convolution's weights: a product over all positions. Included for each floating-point type by
// convolution.h.

/// The parts of the tile function's scratch memory.
typedef struct convolution_weight_scratch {
  real *slabs, *gradient, *turned;
  convolution_segment *segments;
  ck_gemm_run *runs;
} convolution_weight_scratch;

/// Adds to `sums`, or to turned ones, or begins with, what `depth` positions from `first` on give for `channels` result channels and the
/// elements of the window in `pairs` pairs along the first two axes, from `pair` on. `source` and `gradient` are the first
/// channels of the group and of the block; positions of the gradient are `pixel` elements apart.
static void convolution_weight_pass(const ck_convolution *convolution, const convolution_phase *phase,
                                    const stored *source, const stored *gradient, int64_t pixel, int64_t first,
                                    int64_t depth, int64_t channels, int64_t pair, int64_t pairs, real *sums,
                                    bool accumulates, const convolution_weight_scratch *scratch) {
  const convolution_axis *axes = phase->axes;
  const int64_t count = convolution_find_segments(phase, first, depth, INT64_MAX, scratch->segments);
  const int64_t longest = axes[2].positions < convolution->plan.depth_block ? axes[2].positions : convolution->plan.depth_block;
  const int64_t row = convolution_slab_row(convolution->source_channels, axes[2].step, axes[2].reach, axes[2].taps, longest);
  const int64_t slab = pairs * row, sources = convolution->source_channels;
  const bool is_turned = convolution->plan.is_turned;
  const real *slopes = (const real *)gradient;
  // Rows of a product's second operand are readable to the ends of their vectors.
  if (sizeof(stored) != sizeof(real) || (is_turned && channels % VF_LANES != 0)) {
    const int64_t copied = (channels + VF_LANES - 1) / VF_LANES * VF_LANES;
    for (int64_t p = 0; p < depth; p++) {
      convolution_copy_pixels(scratch->gradient + p * copied, copied, gradient + p * pixel, pixel, channels, 1);
      if (copied > channels) vf_store_first(scratch->gradient + p * copied + channels, vf_zero(), copied - channels);
    }
    slopes = scratch->gradient;
    pixel = copied;
  }
  for (int64_t s = 0; s < count; s++) {
    const convolution_segment *segment = &scratch->segments[s];
    convolution_fill_slab(scratch->slabs + s * slab, row, convolution, phase, source, segment, pair, pairs);
    scratch->runs[s] = is_turned
                           ? (ck_gemm_run){.a = s * slab, .b = segment->first * pixel, .depth = segment->count}
                           : (ck_gemm_run){.a = segment->first * pixel, .b = s * slab, .depth = segment->count};
  }
  const convolution_windows windows = convolution_windows_of_slab(scratch->slabs, row, convolution, phase);
  // Elements along the last axis that lie side by side with all their channels.
  const int64_t taps = axes[2].reach == 1 && windows.pixel == sources ? axes[2].taps : 1;
  for (int64_t i = 0; i < pairs; i++) {
    for (int64_t tap = 0; tap < axes[2].taps; tap += taps) {
      const real *elements = windows.data + i * row + tap * axes[2].reach * windows.pixel;
      const int64_t column = (i * axes[2].taps + tap) * sources;
      ck_gemm_runs product = {
          .runs = scratch->runs,
          .run_count = count,
          .depth = depth,
          .a_row = 1,
          .b_panel = CK_GEMM_COLUMNS,
          .accumulates = accumulates,
      };
      if (is_turned) {
        product.a = elements;
        product.a_step = axes[2].step * windows.pixel;
        product.b = slopes;
        product.b_step = pixel;
        product.rows = taps * sources;
        product.columns = channels;
        product.c = scratch->turned + column * channels;
        product.c_row = channels;
      } else {
        product.a = slopes;
        product.a_step = pixel;
        product.b = elements;
        product.b_step = axes[2].step * windows.pixel;
        product.rows = channels;
        product.columns = taps * sources;
        product.c = sums + column;
        product.c_row = phase->depth;
      }
      ck_gemm_multiply_runs(&product);
    }
  }
}

/// The gradient of the weights of a ck_convolution that is no transpose, in parts that are to be added up.
///
/// Operands: parts (out: [part][group][result channel][elements of a window][source channel], float32 for 16-bit
/// elements), the result's gradient and the source, in both of which channels vary fastest, without gaps; and the
/// ck_convolution. The launch's shape is {result channels, elements of a window, source channels of a group, positions},
/// for counting work alone. A part adds up part_length positions, counted through all images; items are blocks, per part
/// and group, pairs of elements of the window along the first two axes fastest, then result channels; of a direct plan, per part, blocks of channels. There
/// are positions.
/// NaN and infinities spread as the sum of products has them, where padding counts as zeros that are multiplied.
/// Error: each element of a part is, per depth block, one chain of multiply-adds in the order of positions, and these
/// are added in order: at most part_length * 2^-24 * sum |a||b| in the first order, in float64 2^-53.
CK_TILE(convolution_weight, CK_DTYPE) {
  const ck_convolution *convolution = launch->operands[3].data;
  const ck_convolution_plan *plan = &convolution->plan;
  if (plan->is_direct) {
    convolution_direct_weights(launch, begin, end, scratch);
    return;
  }
  const convolution_phase phase = convolution_make_phase(convolution, 0);
  const int64_t channels = convolution->result_channels, groups = convolution->groups, pixel = groups * channels;
  const int64_t positions = convolution->batch * phase.positions, all_pairs = phase.axes[0].taps * phase.axes[1].taps;
  convolution_weight_scratch parts = {.slabs = scratch};
  char *memory = (char *)scratch + convolution_room(plan->patch_elements * (int64_t)sizeof(real));
  parts.gradient = (real *)memory;
  memory += convolution_room(plan->sum_elements * (int64_t)sizeof(real));
  parts.turned = (real *)memory;
  memory += convolution_room(plan->turned_elements * (int64_t)sizeof(real));
  parts.segments = (convolution_segment *)memory;
  memory += convolution_room(plan->depth_block * (int64_t)sizeof(convolution_segment));
  parts.runs = (ck_gemm_run *)memory;

  for (int64_t item = begin; item < end; item++) {
    const int64_t row = item / plan->position_blocks, row_group = row / plan->channel_blocks;
    const int64_t part = row_group / groups, group = row_group - part * groups;
    const int64_t pair = (item - row * plan->position_blocks) * plan->position_block;
    const int64_t channel = (row - row_group * plan->channel_blocks) * plan->channel_block;
    const int64_t pairs = all_pairs - pair < plan->position_block ? all_pairs - pair : plan->position_block;
    const int64_t rows = channels - channel < plan->channel_block ? channels - channel : plan->channel_block;
    const stored *source = (const stored *)launch->operands[2].data + group * convolution->source_channels;
    const stored *gradient = (const stored *)launch->operands[1].data + group * channels + channel;
    real *sums = (real *)launch->operands[0].data + (row_group * channels + channel) * phase.depth +
                 pair * phase.axes[2].taps * convolution->source_channels;
    const int64_t first = part * plan->part_length;
    const int64_t last = first + plan->part_length < positions ? first + plan->part_length : positions;
    for (int64_t p = first; p < last; p += plan->depth_block) {
      const int64_t depth = last - p < plan->depth_block ? last - p : plan->depth_block;
      convolution_weight_pass(convolution, &phase, source, gradient + p * pixel, pixel, p, depth, rows, pair, pairs, sums,
                              p > first, &parts);
    }
    if (!plan->is_turned) continue;
    const int64_t elements = pairs * phase.axes[2].taps * convolution->source_channels;
    for (int64_t r = 0; r < rows; r++) {
      for (int64_t e = 0; e < elements; e++) sums[r * phase.depth + e] = parts.turned[e * rows + r];
    }
  }
}
