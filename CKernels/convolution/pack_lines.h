// Patches of a source whose channels vary fastest, side by side along the rows of panels. Included for each
// floating-point type by convolution.h.

/// Packs `count` elements of each of `lines`, which are as many as a panel is wide in whole vectors. Vectors may end
/// behind the panel's own elements, in what is packed after them.
CK_INLINE void convolution_turn(real *panel, const stored *const *lines, int64_t count) {
  for (int64_t group = 0; group < CK_GEMM_ROWS; group += VF_LANES) {
    int64_t p = 0;
    vf square[VF_LANES];
    for (; p + VF_LANES <= count; p += VF_LANES) {
#pragma clang loop unroll(full)
      for (int i = 0; i < VF_LANES; i++) square[i] = vf_load_stored(lines[group + i] + p);
      vf_transpose(square);
#pragma clang loop unroll(full)
      for (int i = 0; i < VF_LANES; i++) vf_store(panel + (p + i) * CK_GEMM_ROWS + group, square[i]);
    }
    if (p == count) continue;
#pragma clang loop unroll(full)
    for (int i = 0; i < VF_LANES; i++) square[i] = vf_load_stored_first(lines[group + i] + p, count - p);
    vf_transpose(square);
#pragma clang loop unroll(full)
    for (int i = 0; i < VF_LANES; i++)
      if (p + i < count) vf_store(panel + (p + i) * CK_GEMM_ROWS + group, square[i]);
  }
}

/// Packs the patches of `count` positions, which `segments` tells, for `depth` steps of k from `first` on: `panel_rows`
/// positions to a panel, which is CK_GEMM_ROWS wide, panels `panel_step` apart. `source` is the group's first channel.
/// `room` holds a run of zeros, and a run for every row of a panel.
static void convolution_pack_lines(real *packed, int64_t panel_step, const ck_convolution *convolution,
                                   const convolution_phase *phase, const stored *source,
                                   const convolution_segment *segments, int64_t count, int64_t panel_rows,
                                   int64_t first, int64_t depth, stored *room) {
  enum { width = (CK_GEMM_ROWS + VF_LANES - 1) / VF_LANES * VF_LANES };
  const convolution_axis *axes = phase->axes;
  const int64_t channels = convolution->source_channels, pixel = convolution->groups * channels;
  const int64_t run_taps = convolution_run_taps(convolution, phase), run = run_taps * channels;
  if (depth == 0) return;
  const stored *zeros = room;
  memset(room, 0, (size_t)run * sizeof(stored));
  stored *edges = room + (channels > convolution_longest_run ? channels : convolution_longest_run);
  const convolution_tap first_tap = convolution_make_tap(phase, first / run * run_taps);

  for (int64_t begin = 0; begin < count; begin += panel_rows, packed += panel_step) {
    const int64_t rows = count - begin < panel_rows ? count - begin : panel_rows;
    // Where each row's window begins.
    const stored *images[width];
    int64_t starts[width][3];
    for (int64_t i = 0; i < rows; i++) {
      while (begin + i >= segments->first + segments->count) segments++;
      const int64_t column = segments->at[2] + begin + i - segments->first;
      images[i] = source + segments->image * axes[0].source * axes[1].source * axes[2].source * pixel;
      starts[i][0] = convolution_source(&axes[0], segments->at[0], 0);
      starts[i][1] = convolution_source(&axes[1], segments->at[1], 0);
      starts[i][2] = convolution_source(&axes[2], column, 0);
    }
    const stored *lines[width];
    for (int64_t i = rows; i < width; i++) lines[i] = zeros;

    convolution_tap tap = first_tap;
    int64_t skipped = first % run;
    for (int64_t k = 0; k < depth;) {
      const int64_t length = run - skipped < depth - k ? run - skipped : depth - k;
      for (int64_t i = 0; i < rows; i++) {
        const int64_t d = starts[i][0] + tap.at[0] * axes[0].reach, h = starts[i][1] + tap.at[1] * axes[1].reach;
        const int64_t w = starts[i][2] + tap.at[2] * axes[2].reach;
        lines[i] = zeros;
        if (!convolution_is_inside(&axes[0], d) || !convolution_is_inside(&axes[1], h)) continue;
        if (w <= -run_taps || w >= axes[2].source) continue;
        const stored *row = images[i] + (d * axes[1].source + h) * axes[2].source * pixel;
        if (w >= 0 && w + run_taps <= axes[2].source) {
          lines[i] = row + w * pixel + skipped;
          continue;
        }
        // The row's end lies within the run.
        const int64_t low = w < 0 ? -w : 0, high = axes[2].source - w < run_taps ? axes[2].source - w : run_taps;
        stored *edge = edges + i * run;
        memset(edge, 0, (size_t)run * sizeof(stored));
        memcpy(edge + low * channels, row + (w + low) * pixel, (size_t)((high - low) * channels) * sizeof(stored));
        lines[i] = edge + skipped;
      }
      convolution_turn(packed + k * CK_GEMM_ROWS, lines, length);
      k += length;
      skipped = 0;
      tap.at[2] += run_taps - 1;
      convolution_next_tap(phase, &tap);
    }
  }
}
