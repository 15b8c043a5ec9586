// The gradient of a convolution's weights: a product over all positions. Included for each floating-point type by
// convolution.h.

/// Packs `count` positions of one row of windows: those `lanes` elements of a run that begin `skipped` elements into it.
/// The run begins at `start` of a row of the source, which is NULL where it lies outside; `taps` elements of the window
/// lie side by side in it.
CK_INLINE void convolution_gather_run(real *to, const stored *row, const convolution_axis *axis, int64_t start,
                                      int64_t count, int64_t taps, int64_t channels, int64_t pixel, int64_t skipped,
                                      int64_t lanes) {
  if (row == NULL) {
    for (int64_t p = 0; p < count; p++, to += CK_GEMM_COLUMNS) {
      CK_FOR_VECTORS(lanes, n == VF_LANES ? vf_store(to + i, vf_zero()) : vf_store_first(to + i, vf_zero(), n);)
    }
    return;
  }
  for (int64_t p = 0; p < count; p++, to += CK_GEMM_COLUMNS, start += axis->step) {
    const int64_t place = start * pixel + skipped;
    if (start >= 0 && start + taps <= axis->source) {
      const stored *from = row + place;
      CK_FOR_VECTORS(lanes, const vf v = vf_load_any(from + i, 1, n);
                     n == VF_LANES ? vf_store(to + i, v) : vf_store_first(to + i, v, n);)
      continue;
    }
    // What lies inside, counted from the first lane.
    int64_t low = -start * channels - skipped, high = (axis->source - start) * channels - skipped;
    low = low < 0 ? 0 : low < lanes ? low : lanes;
    high = high < low ? low : high < lanes ? high : lanes;
    CK_FOR_VECTORS(lanes, n == VF_LANES ? vf_store(to + i, vf_zero()) : vf_store_first(to + i, vf_zero(), n);)
    if (high == low) continue;
    const stored *from = row + (place + low);
    CK_FOR_VECTORS(high - low, vf_store_first(to + low + i, vf_load_any(from + i, 1, n), n);)
  }
}

/// Packs `columns` elements of windows, with their channels, from `first` on, for the positions of `segments`, which the
/// panel counts from its first row. `source` is the group's first channel.
static void convolution_pack_columns(real *panel, const ck_convolution *convolution, const convolution_phase *phase,
                                     const stored *source, const convolution_segment *segments, int64_t segment_count,
                                     int64_t positions, int64_t first, int64_t columns) {
  const convolution_axis *axes = phase->axes;
  const int64_t channels = convolution->source_channels, pixel = convolution->groups * channels;
  const int64_t taps = convolution_run_taps(convolution, phase), run = taps * channels;
  convolution_tap tap = convolution_make_tap(phase, first / run * taps);
  int64_t skipped = first % run;
  for (int64_t lane = 0; lane < columns;) {
    const int64_t lanes = run - skipped < columns - lane ? run - skipped : columns - lane;
    for (int64_t s = 0; s < segment_count; s++) {
      const convolution_segment *segment = &segments[s];
      const int64_t d = convolution_source(&axes[0], segment->at[0], tap.at[0]);
      const int64_t h = convolution_source(&axes[1], segment->at[1], tap.at[1]);
      const bool is_inside = convolution_is_inside(&axes[0], d) && convolution_is_inside(&axes[1], h);
      const stored *row =
          is_inside ? source + ((segment->image * axes[0].source + d) * axes[1].source + h) * axes[2].source * pixel
                    : NULL;
      convolution_gather_run(panel + segment->first * CK_GEMM_COLUMNS + lane, row, &axes[2],
                             convolution_source(&axes[2], segment->at[2], tap.at[2]), segment->count, taps, channels,
                             pixel, skipped, lanes);
    }
    lane += lanes;
    skipped = 0;
    tap.at[2] += taps - 1;
    convolution_next_tap(phase, &tap);
  }
  const int64_t rest = (VF_LANES - columns % VF_LANES) % VF_LANES;
  if (rest == 0) return;
  for (int64_t p = 0; p < positions; p++) vf_store_first(panel + p * CK_GEMM_COLUMNS + columns, vf_zero(), rest);
}

/// The gradient of the weights of a ck_convolution that is no transpose, in parts that are to be added up.
///
/// Operands: parts (out: [part][group][result channel][elements of a window][source channel], float32 for 16-bit
/// elements), the result's gradient and the source, in both of which channels vary fastest, without gaps; and the
/// ck_convolution. The launch's shape is {result channels, elements of a window, source channels of a group, positions},
/// for counting work alone. A part adds up part_length positions, counted through all images; items are blocks, per part
/// and group, elements of the window fastest, then result channels. There are positions.
/// NaN and infinities spread as the sum of products has them, where padding counts as zeros that are multiplied.
/// Error: each element of a part is, per depth block, one chain of multiply-adds in the order of positions, and these
/// are added in order: at most part_length * 2^-24 * sum |a||b| in the first order, in float64 2^-53.
CK_TILE(convolution_weight, CK_DTYPE) {
  const ck_convolution *convolution = launch->operands[3].data;
  const ck_convolution_plan *plan = &convolution->plan;
  const convolution_phase phase = convolution_make_phase(convolution, 0);
  const int64_t channels = convolution->result_channels, groups = convolution->groups;
  const int64_t positions = convolution->batch * phase.positions;
  const int64_t deepest = plan->depth_block < plan->part_length ? plan->depth_block : plan->part_length;
  char *memory = scratch;
  real *packed_a = (real *)memory;
  memory += convolution_room(plan->channel_block / CK_GEMM_ROWS * (deepest * CK_GEMM_ROWS + 16) * (int64_t)sizeof(real));
  real *packed_b = (real *)memory;
  memory += convolution_room((deepest * CK_GEMM_COLUMNS + 16) * (int64_t)sizeof(real));
  convolution_segment *segments = (convolution_segment *)memory;

  for (int64_t item = begin; item < end; item++) {
    const int64_t row = item / plan->position_blocks, row_group = row / plan->channel_blocks;
    const int64_t part = row_group / groups, group = row_group - part * groups;
    const int64_t column = (item - row * plan->position_blocks) * plan->position_block;
    const int64_t channel = (row - row_group * plan->channel_blocks) * plan->channel_block;
    const int64_t columns = phase.depth - column < plan->position_block ? phase.depth - column : plan->position_block;
    const int64_t rows = channels - channel < plan->channel_block ? channels - channel : plan->channel_block;
    const int64_t calls = (rows + CK_GEMM_ROWS - 1) / CK_GEMM_ROWS, panel_rows = (rows + calls - 1) / calls;
    const stored *source = (const stored *)launch->operands[2].data + group * convolution->source_channels;
    real *sums = (real *)launch->operands[0].data + (row_group * channels + channel) * phase.depth + column;
    const int64_t first = part * plan->part_length, pixel = groups * channels;
    const int64_t last = first + plan->part_length < positions ? first + plan->part_length : positions;
    for (int64_t p = first; p < last; p += plan->depth_block) {
      const int64_t depth = last - p < plan->depth_block ? last - p : plan->depth_block;
      const stored *gradient = (const stored *)launch->operands[1].data + p * pixel + group * channels + channel;
      for (int64_t i = 0; i < calls; i++) {
        const int64_t left = rows - i * panel_rows;
        ck_gemm_pack_panel(packed_a + i * (depth * CK_GEMM_ROWS + CK_GEMM_PANEL_GAP), CK_GEMM_ROWS,
                           gradient + i * panel_rows, 1, pixel, left < panel_rows ? left : panel_rows, depth);
      }
      const int64_t segment_count = convolution_find_segments(&phase, p, depth, INT64_MAX, segments);
      for (int64_t j = 0; j < columns; j += CK_GEMM_COLUMNS) {
        const int64_t width = columns - j < CK_GEMM_COLUMNS ? columns - j : CK_GEMM_COLUMNS;
        convolution_pack_columns(packed_b, convolution, &phase, source, segments, segment_count, depth, column + j,
                                 width);
        ck_gemm_multiply_panels(&(ck_gemm_panels){
            .a = packed_a,
            .a_panel = depth * CK_GEMM_ROWS + CK_GEMM_PANEL_GAP,
            .panel_rows = panel_rows,
            .b = packed_b,
            .rows = rows,
            .columns = width,
            .depth = depth,
            .c = sums + j,
            .c_row = phase.depth,
            .accumulates = p > first,
        });
      }
    }
  }
}
