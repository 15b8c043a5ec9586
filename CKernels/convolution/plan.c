// How a convolution is cut into items.
#include "../core/sizes.h"
#include "../gemm/run.h"
#include "../gemm/shapes.h"
#include "axis.h"

enum {
  /// Blocks are made smaller until there are so many, for threads to share,
  enough_items = 24,
  /// but not below so many multiply-adds each.
  least_volume = 1 << 18,
  /// The most positions and channels of a block: patches of a pass, and sums, stay in the second-level cache.
  most_positions = 128,
  most_channels = 256,
  /// The most elements of the window, with their channels, that one item of a gradient of weights computes, if a pair has
  /// no more.
  most_columns = 256,
  /// The most elements of a copy of what a block reads where channels vary fastest, and the most positions that are added
  /// up in one go for a gradient of weights.
  most_slab = 1 << 15,
  most_pass = 256,
  /// Positions of a part of a sum over positions are a multiple of this.
  part_step = 64,
  /// Direct sums: the least multiply-adds of an item, positions of a row, rows, elements that they read, and weights.
  least_direct_volume = 1 << 16,
  most_columns_of_row = 1024,
  most_rows = 32,
  most_read = 1 << 14,
  most_weights = 1 << 16,
  /// Channels of one item of a direct gradient of weights.
  most_direct_channels = 64,
  /// The most positions of a part of a direct gradient of weights.
  most_part = 1 << 13,
  /// Floats of the widest vector of any ISA, which packing may write behind a panel.
  widest_vector = 16,
};

/// The micro-kernels' register tile, and the depth of a pass over `depth`.
static ck_gemm_plan tiles(ck_isa isa, int64_t element_bytes, int64_t depth) {
  enum { many = 1024 };
  return ck_gemm_make_plan(isa, element_bytes == 8 ? 8 : 4, 1, many, many, depth, 1);
}

/// The elements of a vector.
static int64_t lanes(ck_isa isa, int64_t real_bytes) {
  return (isa == CK_ISA_AVX512 ? 64 : isa == CK_ISA_AVX2 ? 32 : 16) / real_bytes;
}

/// Whether a convolution with windows of so many elements is summed without panels, which few channels would leave empty.
static bool is_direct(const ck_convolution *convolution, int64_t taps) {
  const int64_t sources = convolution->source_channels, results = convolution->result_channels;
  if (sources == 0 || results == 0 || sources * taps > convolution_most_direct_taps) return false;
  if (!convolution->is_channels_last) return sources * results <= 4;
  return sources == 1 && results == 1 && convolution->groups * taps <= most_weights;
}

/// The elements of a row of the slab for so many positions, whatever the phase.
static int64_t slab_row(const ck_convolution *convolution, int64_t taps, int64_t positions) {
  const ck_convolution_axis *axis = &convolution->axes[2];
  const bool is_transposed = convolution->is_transposed;
  const int64_t step = is_transposed ? 1 : axis->stride;
  const int64_t reach = is_transposed ? axis->dilation / convolution_divisor(axis->stride, axis->dilation) : axis->dilation;
  return convolution_slab_row(convolution->source_channels, step, reach, at_least(taps, 1), at_least(positions, 1));
}

/// The plan of a direct convolution where channels vary fastest.
static ck_convolution_plan direct_lines_plan(const ck_convolution *convolution, int64_t phases, int64_t pairs,
                                             int64_t taps, int64_t positions, int64_t element_bytes) {
  const int64_t channels = convolution->groups;
  ck_convolution_plan plan = {.phases = phases, .parts = 1, .is_direct = 1, .channel_blocks = 1};
  plan.position_block = most_positions;
  while (plan.position_block > 16 && phases * ceiling(positions, plan.position_block) < enough_items &&
         plan.position_block * channels * pairs * taps >= least_direct_volume) {
    plan.position_block /= 2;
  }
  plan.position_blocks = ceiling(positions, plan.position_block);
  plan.items = phases * plan.position_blocks;
  ck_convolution all = *convolution;
  all.source_channels = channels;
  plan.patch_elements = pairs * slab_row(&all, taps, plan.position_block);
  plan.sum_elements = element_bytes == 2 ? plan.position_block * channels : 0;
  const int64_t real_bytes = element_bytes == 8 ? 8 : 4;
  plan.scratch_bytes = convolution_room(plan.patch_elements * real_bytes) +
                       convolution_room(plan.sum_elements * real_bytes) +
                       convolution_room(plan.position_block * (int64_t)sizeof(convolution_segment)) +
                       convolution_room(channels * (pairs * taps + 1) * real_bytes);
  return plan;
}

/// The plan of a direct convolution of a row-major source; not direct if what a row of windows reads is too much.
static ck_convolution_plan direct_rows_plan(const ck_convolution *convolution, int64_t phases, const int64_t taps[3]) {
  enum { step = 4 * widest_vector };
  convolution_axis axes[3];
  for (int d = 0; d < 3; d++) axes[d] = convolution_make_axis(&convolution->axes[d], convolution->is_transposed, 0);
  // A phase without elements of the window does not tell their distance.
  int64_t reach[3];
  for (int d = 0; d < 3; d++) {
    const ck_convolution_axis *axis = &convolution->axes[d];
    reach[d] = convolution->is_transposed ? axis->dilation / convolution_divisor(axis->stride, axis->dilation)
                                          : axis->dilation;
  }
  ck_convolution_plan plan = {.phases = phases, .parts = 1, .channel_blocks = 1};
  plan.position_block = at_least(at_most(axes[2].positions, most_columns_of_row), 1);
  const int64_t length =
      axes[2].step * (rounded_up(plan.position_block, step) + (taps[2] - 1) * reach[2] / axes[2].step + 1);
  const int64_t window = (taps[1] - 1) * reach[1] + 1, slabs = convolution->source_channels * taps[0];
  plan.row_block = at_least(at_most(axes[1].positions, most_rows), 1);
  while (plan.row_block > 1 && slabs * ((plan.row_block - 1) * axes[1].step + window) * length > most_read) {
    plan.row_block = (plan.row_block + 1) / 2;
  }
  const int64_t read = slabs * ((plan.row_block - 1) * axes[1].step + window) * length;
  if (read > 4 * most_read) return plan;
  plan.is_direct = 1;
  plan.row_blocks = ceiling(axes[1].positions, plan.row_block);
  plan.position_blocks = ceiling(axes[2].positions, plan.position_block);
  plan.planes = axes[0].positions;
  plan.items =
      phases * convolution->batch * convolution->groups * plan.planes * plan.row_blocks * plan.position_blocks;
  plan.scratch_bytes = convolution_room((plan.position_block + step) * 8) + convolution_room(read * 8);
  return plan;
}

void ck_convolution_make_plan(ck_convolution *convolution, ck_isa isa, int64_t element_bytes) {
  const int64_t real_bytes = element_bytes == 8 ? 8 : 4, groups = convolution->groups;
  const int64_t channels = convolution->result_channels;
  ck_convolution_plan plan = {.phases = 1, .parts = 1};
  // The longest window and the most positions of any phase.
  int64_t taps = 1, positions = convolution->batch, longest[3];
  for (int d = 0; d < 3; d++) {
    const int64_t phases = convolution_axis_phases(&convolution->axes[d], convolution->is_transposed);
    plan.phases *= phases;
    int64_t most_taps = 0;
    for (int64_t phase = 0; phase < phases; phase++) {
      most_taps =
          at_least(convolution_make_axis(&convolution->axes[d], convolution->is_transposed, phase).taps, most_taps);
    }
    longest[d] = at_least(most_taps, 1);
    taps *= most_taps;
    positions *= convolution_make_axis(&convolution->axes[d], convolution->is_transposed, 0).positions;
  }
  if (is_direct(convolution, taps)) {
    convolution->plan = convolution->is_channels_last
                            ? direct_lines_plan(convolution, plan.phases, longest[0] * longest[1], longest[2], positions,
                                                  element_bytes)
                            : direct_rows_plan(convolution, plan.phases, longest);
    if (convolution->plan.is_direct) return;
  }
  const int64_t depth = taps * convolution->source_channels;
  const ck_gemm_plan tile = tiles(isa, element_bytes, depth);
  const int64_t rows = tile.panel_rows, columns = tile.panel_columns;
  plan.depth_block = tile.depth_block;

  // Whatever lies side by side in the result is along the vectors.
  const bool is_last = convolution->is_channels_last;
  // Rows of positions side by side are cut in whole where there are enough, since products go along them.
  const int64_t width = convolution_make_axis(&convolution->axes[2], convolution->is_transposed, 0).positions;
  const bool has_rows = width > 0 && width <= most_positions && positions / width >= enough_items;
  const int64_t position_step = !is_last ? columns : has_rows ? width : rows;
  // Channels that are rows are shared out evenly over as few panels as there can be.
  plan.panel_channels = is_last ? columns : channels == 0 ? 1 : ceiling(channels, ceiling(channels, rows));
  plan.panels = ceiling(channels, plan.panel_channels);
  plan.panel_elements = depth * (is_last ? columns : rows) + widest_vector;

  int64_t position_block = at_least(most_positions / position_step, 1) * position_step;
  int64_t channel_block = at_least(most_channels / plan.panel_channels, 1) * plan.panel_channels;
  position_block = evened(positions, position_block, position_step);
  channel_block = evened(channels, channel_block, plan.panel_channels);
  while (is_last && position_block > position_step && longest[0] * longest[1] * slab_row(convolution, longest[2], position_block) > most_slab) {
    position_block = rounded_up(position_block / 2, position_step);
  }
  for (;;) {
    const int64_t items = plan.phases * groups * ceiling(positions, position_block) * ceiling(channels, channel_block);
    const int64_t block = at_most(position_block, positions) * at_most(channel_block, channels);
    if (items >= enough_items || block * depth < 2 * least_volume) break;
    if (position_block > position_step) {
      position_block = rounded_up(position_block / 2, position_step);
    } else if (channel_block > plan.panel_channels) {
      channel_block = rounded_up(channel_block / 2, plan.panel_channels);
    } else {
      break;
    }
  }
  plan.position_block = position_block;
  plan.channel_block = channel_block;
  plan.position_blocks = ceiling(positions, position_block);
  plan.channel_blocks = ceiling(channels, channel_block);
  plan.items = plan.phases * groups * plan.position_blocks * plan.channel_blocks;

  const int64_t depth_block = at_most(plan.depth_block, at_least(depth, 1));
  if (is_last) {
    plan.patch_elements = longest[0] * longest[1] * slab_row(convolution, longest[2], position_block);
    plan.sum_elements = element_bytes == real_bytes ? 0 : position_block * channel_block;
  } else {
    plan.patch_elements = position_block / position_step * (depth_block * position_step + widest_vector);
    plan.sum_elements = channel_block * rounded_up(position_block, columns);
  }
  plan.scratch_bytes = convolution_room(plan.patch_elements * real_bytes) +
                       convolution_room(plan.sum_elements * real_bytes) +
                       convolution_room(position_block * (int64_t)sizeof(convolution_segment)) +
                       convolution_room((taps + 1) * (int64_t)sizeof(ck_gemm_run));
  convolution->plan = plan;
}

void ck_convolution_make_weight_plan(ck_convolution *convolution, ck_isa isa, int64_t element_bytes) {
  const int64_t real_bytes = element_bytes == 8 ? 8 : 4;
  const convolution_phase phase = convolution_make_phase(convolution, 0);
  const int64_t positions = convolution->batch * phase.positions, channels = convolution->result_channels;
  if (convolution->source_channels == 1 && channels == 1 && phase.taps <= convolution_most_direct_taps) {
    const int64_t blocks = ceiling(convolution->groups, most_direct_channels);
    const int64_t least = rounded_up(at_least(least_direct_volume / (most_direct_channels * phase.taps), 1), part_step);
    const int64_t parts = at_most(ceiling(enough_items, at_least(blocks, 1)), at_least(positions / least, 1));
    ck_convolution_plan direct = {.phases = 1, .is_direct = 1, .channel_block = most_direct_channels,
                                  .channel_blocks = blocks};
    // Not too long, for the places of its rows are kept.
    direct.part_length = at_most(rounded_up(at_least(ceiling(positions, parts), 1), part_step), most_part);
    direct.parts = at_least(ceiling(positions, direct.part_length), 1);
    direct.items = direct.parts * blocks;
    ck_convolution all = *convolution;
    all.source_channels = convolution->groups;
    direct.patch_elements = phase.axes[0].taps * phase.axes[1].taps *
                            slab_row(&all, phase.axes[2].taps, at_most(phase.axes[2].positions, direct.part_length));
    direct.scratch_bytes = convolution_room(direct.patch_elements * real_bytes) +
                           convolution_room(phase.taps * (most_direct_channels + widest_vector) * real_bytes) +
                           convolution_room(direct.part_length * (int64_t)sizeof(convolution_segment));
    convolution->plan = direct;
    return;
  }
  const ck_gemm_plan tile = tiles(isa, element_bytes, positions);
  const int64_t rows = tile.panel_rows, columns = tile.panel_columns;
  ck_convolution_plan plan = {.phases = 1, .panel_channels = rows};

  // Here the blocks are of the weights: result channels by pairs of elements of the window along the first two axes.
  const int64_t pairs = phase.axes[0].taps * phase.axes[1].taps, run = phase.axes[2].taps * convolution->source_channels;
  const int64_t vector = lanes(isa, real_bytes), last_run = phase.axes[2].reach == 1 ? run : convolution->source_channels;
  plan.is_turned = 4 * rounded_up(last_run, vector) * channels > 5 * last_run * rounded_up(channels, vector);
  const int64_t channel_step = plan.is_turned ? columns : rows;
  plan.channel_block = evened(channels, at_least(most_positions / channel_step, 1) * channel_step, channel_step);
  plan.position_block = evened(pairs, at_least(most_columns / at_least(run, 1), 1), 1);
  plan.channel_blocks = ceiling(channels, plan.channel_block);
  plan.position_blocks = ceiling(pairs, plan.position_block);
  const int64_t blocks = convolution->groups * plan.channel_blocks * plan.position_blocks;
  const int64_t volume = at_most(plan.channel_block, channels) * at_most(plan.position_block, pairs) * run;
  const int64_t shortest = rounded_up(at_least(least_volume / at_least(volume, 1), part_step), part_step);
  const int64_t most_parts = at_least(positions / shortest, 1);
  const int64_t parts = at_least(at_most(ceiling(enough_items, at_least(blocks, 1)), most_parts), 1);
  plan.part_length = rounded_up(at_least(ceiling(positions, parts), 1), part_step);
  plan.parts = at_least(ceiling(positions, plan.part_length), 1);
  plan.items = plan.parts * blocks;

  const int64_t width = at_least(phase.axes[2].positions, 1);
  for (plan.depth_block = at_most(most_pass, plan.part_length);; plan.depth_block /= 2) {
    // Of segments one may begin, and one end, within a row.
    const int64_t segments = (plan.depth_block + width - 2) / width + 1;
    plan.patch_elements = segments * plan.position_block *
                              slab_row(convolution, phase.axes[2].taps, at_most(width, plan.depth_block)) +
                          columns;
    if (plan.depth_block <= part_step || plan.patch_elements <= most_slab) break;
  }
  const bool copies = element_bytes != real_bytes || (plan.is_turned && channels % vector != 0);
  plan.sum_elements = copies ? plan.depth_block * rounded_up(plan.channel_block, widest_vector) : 0;
  plan.turned_elements = plan.is_turned ? plan.position_block * run * plan.channel_block : 0;
  plan.scratch_bytes = convolution_room(plan.patch_elements * real_bytes) +
                       convolution_room(plan.sum_elements * real_bytes) +
                       convolution_room(plan.turned_elements * real_bytes) +
                       convolution_room(plan.depth_block * (int64_t)sizeof(convolution_segment)) +
                       convolution_room(plan.depth_block * (int64_t)sizeof(ck_gemm_run));
  convolution->plan = plan;
}
