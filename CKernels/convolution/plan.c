// How a convolution is cut into items.
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
  /// The most elements of the window, with their channels, that one item of a gradient of weights computes.
  most_columns = 256,
  /// Positions of a part of a sum over positions are a multiple of this.
  part_step = 64,
  /// Floats of the widest vector of any ISA, which packing may write behind a panel.
  widest_vector = 16,
};

static int64_t ceiling(int64_t a, int64_t b) { return (a + b - 1) / b; }
static int64_t rounded_up(int64_t a, int64_t step) { return ceiling(a, step) * step; }
static int64_t at_least(int64_t a, int64_t limit) { return a > limit ? a : limit; }
static int64_t at_most(int64_t a, int64_t limit) { return a < limit ? a : limit; }

/// The smallest multiple of `step` that cuts `extent` into as many blocks as `block` does.
static int64_t evened(int64_t extent, int64_t block, int64_t step) {
  return extent == 0 ? step : rounded_up(ceiling(extent, ceiling(extent, block)), step);
}

/// The micro-kernels' register tile, and the depth of a pass over `depth`.
static ck_gemm_plan tiles(ck_isa isa, int64_t element_bytes, int64_t depth) {
  enum { many = 1024 };
  return ck_gemm_make_plan(isa, element_bytes == 8 ? 8 : 4, 1, many, many, depth, 1);
}

void ck_convolution_make_plan(ck_convolution *convolution, ck_isa isa, int64_t element_bytes) {
  const int64_t real_bytes = element_bytes == 8 ? 8 : 4, groups = convolution->groups;
  const int64_t channels = convolution->result_channels;
  ck_convolution_plan plan = {.phases = 1, .parts = 1};
  // The longest window and the most positions of any phase.
  int64_t taps = 1, positions = convolution->batch;
  for (int d = 0; d < 3; d++) {
    const int64_t phases = convolution_axis_phases(&convolution->axes[d], convolution->is_transposed);
    plan.phases *= phases;
    int64_t most_taps = 0;
    for (int64_t phase = 0; phase < phases; phase++) {
      most_taps =
          at_least(convolution_make_axis(&convolution->axes[d], convolution->is_transposed, phase).taps, most_taps);
    }
    taps *= most_taps;
    positions *= convolution_make_axis(&convolution->axes[d], convolution->is_transposed, 0).positions;
  }
  const int64_t depth = taps * convolution->source_channels;
  const ck_gemm_plan tile = tiles(isa, element_bytes, depth);
  const int64_t rows = tile.panel_rows, columns = tile.panel_columns;
  plan.depth_block = tile.depth_block;

  // Whatever lies side by side in the result is along the vectors.
  const bool is_last = convolution->is_channels_last;
  const int64_t position_step = is_last ? rows : columns;
  // Channels that are rows are shared out evenly over as few panels as there can be.
  plan.panel_channels = is_last ? columns : channels == 0 ? 1 : ceiling(channels, ceiling(channels, rows));
  plan.panels = ceiling(channels, plan.panel_channels);
  plan.panel_elements = depth * (is_last ? columns : rows) + widest_vector;

  int64_t position_block = at_least(most_positions / position_step, 1) * position_step;
  int64_t channel_block = at_least(most_channels / plan.panel_channels, 1) * plan.panel_channels;
  position_block = evened(positions, position_block, position_step);
  channel_block = evened(channels, channel_block, plan.panel_channels);
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
  const int64_t patches = position_block / position_step * (depth_block * position_step + widest_vector);
  const int64_t sums = is_last ? position_block * rounded_up(channel_block, columns)
                               : channel_block * rounded_up(position_block, columns);
  const int64_t run = at_least(convolution->source_channels, convolution_longest_run);
  plan.scratch_bytes = convolution_room(patches * real_bytes) + convolution_room(sums * real_bytes) +
                       convolution_room(position_block * (int64_t)sizeof(convolution_segment)) +
                       convolution_room((run + rows * convolution_longest_run) * element_bytes);
  convolution->plan = plan;
}

void ck_convolution_make_weight_plan(ck_convolution *convolution, ck_isa isa, int64_t element_bytes) {
  const int64_t real_bytes = element_bytes == 8 ? 8 : 4;
  const convolution_phase phase = convolution_make_phase(convolution, 0);
  const int64_t positions = convolution->batch * phase.positions, channels = convolution->result_channels;
  const ck_gemm_plan tile = tiles(isa, element_bytes, positions);
  const int64_t rows = tile.panel_rows, columns = tile.panel_columns;
  ck_convolution_plan plan = {.phases = 1, .depth_block = tile.depth_block, .panel_channels = rows};

  // Here the blocks are of the weights: result channels by elements of the window with their channels.
  plan.channel_block = evened(channels, at_least(most_positions / rows, 1) * rows, rows);
  plan.position_block = evened(phase.depth, at_least(most_columns / columns, 1) * columns, columns);
  plan.channel_blocks = ceiling(channels, plan.channel_block);
  plan.position_blocks = ceiling(phase.depth, plan.position_block);
  const int64_t blocks = convolution->groups * plan.channel_blocks * plan.position_blocks;
  const int64_t volume = at_most(plan.channel_block, channels) * at_most(plan.position_block, phase.depth);
  const int64_t shortest = rounded_up(at_least(least_volume / at_least(volume, 1), part_step), part_step);
  const int64_t most_parts = at_least(positions / shortest, 1);
  const int64_t parts = at_least(at_most(ceiling(enough_items, at_least(blocks, 1)), most_parts), 1);
  plan.part_length = rounded_up(at_least(ceiling(positions, parts), 1), part_step);
  plan.parts = at_least(ceiling(positions, plan.part_length), 1);
  plan.items = plan.parts * blocks;

  const int64_t depth_block = at_most(plan.depth_block, plan.part_length);
  plan.scratch_bytes =
      convolution_room(plan.channel_block / rows * (depth_block * rows + widest_vector) * real_bytes) +
      convolution_room((depth_block * columns + widest_vector) * real_bytes) +
      convolution_room(depth_block * (int64_t)sizeof(convolution_segment));
  convolution->plan = plan;
}
