// Patches of a row-major source, side by side along the columns of panels. Included for each floating-point type by
// convolution.h.

/// Zeros in `count` lanes of `lines` lines.
CK_INLINE void convolution_clear(real *to, int64_t lines, int64_t count) {
  CK_FOR_VECTORS(count, real *at = to + i;
                 for (int64_t line = 0; line < lines; line++, at += CK_GEMM_COLUMNS) {
                   n == VF_LANES ? vf_store(at, vf_zero()) : vf_store_first(at, vf_zero(), n);
                 })
}

/// Copies `count` elements that lie `step` apart, in `lines` lines of the source that lie `plane` apart, side by side.
CK_INLINE void convolution_copy_part(real *to, const stored *from, int64_t plane, int64_t step, int64_t lines,
                                     int64_t count) {
  CK_FOR_VECTORS(count, real *at = to + i; const stored *source = from + i * step;
                 for (int64_t line = 0; line < lines; line++, at += CK_GEMM_COLUMNS, source += plane) {
                   const vf v = vf_load_any(source, step, n);
                   n == VF_LANES ? vf_store(at, v) : vf_store_first(at, v, n);
                 })
}

/// The same, with the step of most convolutions a constant.
static void convolution_copy(real *to, const stored *from, int64_t plane, int64_t step, int64_t lines, int64_t count) {
  if (step == 1) {
    convolution_copy_part(to, from, plane, 1, lines, count);
  } else if (step == 2) {
    convolution_copy_part(to, from, plane, 2, lines, count);
  } else {
    convolution_copy_part(to, from, plane, step, lines, count);
  }
}

/// Packs the patches of `count` positions, which `segments` tells, for `depth` steps of k from `first` on: CK_GEMM_COLUMNS
/// positions to a panel, panels depth * CK_GEMM_COLUMNS apart. `source` is the group's first channel.
static void convolution_pack_rows(real *packed, const ck_convolution *convolution, const convolution_phase *phase,
                                  const stored *source, const convolution_segment *segments, int64_t segment_count,
                                  int64_t count, int64_t first, int64_t depth) {
  const convolution_axis *axes = phase->axes;
  const int64_t channels = convolution->source_channels;
  const int64_t row = axes[2].source, plane = axes[1].source * row, volume = axes[0].source * plane;
  const int64_t image = convolution->groups * channels * volume;
  if (depth == 0) return;
  const convolution_tap first_tap = convolution_make_tap(phase, first / channels);
  for (int64_t s = 0; s < segment_count; s++) {
    const convolution_segment *segment = &segments[s];
    real *to = packed + segment->first / CK_GEMM_COLUMNS * depth * CK_GEMM_COLUMNS + segment->first % CK_GEMM_COLUMNS;
    const stored *from = source + segment->image * image;
    convolution_tap tap = first_tap;
    int64_t channel = first % channels;
    for (int64_t k = 0; k < depth;) {
      const int64_t lines = channels - channel < depth - k ? channels - channel : depth - k;
      const int64_t d = convolution_source(&axes[0], segment->at[0], tap.at[0]);
      const int64_t h = convolution_source(&axes[1], segment->at[1], tap.at[1]);
      const int64_t w = convolution_source(&axes[2], segment->at[2], tap.at[2]);
      int64_t low = 0, high = 0;
      if (convolution_is_inside(&axes[0], d) && convolution_is_inside(&axes[1], h)) {
        convolution_inside(&axes[2], w, segment->count, &low, &high);
      }
      real *at = to + k * CK_GEMM_COLUMNS;
      if (low == high) {
        convolution_clear(at, lines, segment->count);
      } else {
        if (low > 0) convolution_clear(at, lines, low);
        const int64_t start = channel * volume + d * plane + h * row + w + low * axes[2].step;
        convolution_copy(at + low, from + start, volume, axes[2].step, lines, high - low);
        if (high < segment->count) convolution_clear(at + high, lines, segment->count - high);
      }
      k += lines;
      channel = 0;
      convolution_next_tap(phase, &tap);
    }
  }
  // Vectors are read to their ends.
  const int64_t columns = count % CK_GEMM_COLUMNS, rest = (VF_LANES - columns % VF_LANES) % VF_LANES;
  if (rest > 0) {
    convolution_clear(packed + count / CK_GEMM_COLUMNS * depth * CK_GEMM_COLUMNS + columns, depth, rest);
  }
}
