// How windows are read where channels vary fastest: every element at one distance from its position, so that products
// read them where they are. Included for each floating-point type by convolution.h.

/// Where the windows of a segment lie: the first element of the first one, and the distances from a pixel to the next and
/// between elements of a window along the first two axes.
typedef struct convolution_windows {
  const real *data;
  int64_t pixel, row, plane;
} convolution_windows;

/// The windows of `segment` in the source itself, whose group begins at `source`; no data if some of them reach beyond it,
/// or its elements are not what is computed with, or, unless it `takes_any_distance`, lie badly for the caches.
/// Vectors of a run's elements are not read to their ends.
static convolution_windows convolution_windows_in_place(const ck_convolution *convolution,
                                                        const convolution_phase *phase, const stored *source,
                                                        const convolution_segment *segment, bool takes_any_distance) {
  const convolution_axis *axes = phase->axes;
  const int64_t pixel = convolution->groups * convolution->source_channels;
  convolution_windows windows = {.pixel = pixel};
  const bool is_bad = pixel * axes[2].step % convolution_bad_distance == 0;
  if (sizeof(stored) != sizeof(real) || (is_bad && !takes_any_distance)) return windows;
  int64_t place = segment->image;
  for (int d = 0; d < 3; d++) {
    const int64_t first = convolution_source(&axes[d], segment->at[d], 0);
    const int64_t last = convolution_source(&axes[d], segment->at[d] + (d == 2 ? segment->count - 1 : 0), axes[d].taps - 1);
    if (first < 0 || last >= axes[d].source) return windows;
    place = place * axes[d].source + first;
  }
  windows.data = (const real *)source + place * pixel;
  windows.row = axes[1].reach * axes[2].source * pixel;
  windows.plane = axes[0].reach * axes[1].source * axes[2].source * pixel;
  return windows;
}

/// Copies `pixels` pixels of `channels` channels, which lie `step` apart in the source and `pixel` in the slab.
static void convolution_copy_pixels(real *to, int64_t pixel, const stored *from, int64_t step, int64_t channels,
                                    int64_t pixels) {
  if (pixel == channels && step == channels) {
    channels *= pixels;
    pixels = 1;
  }
  for (int64_t p = 0; p < pixels; p++, to += pixel, from += step) {
    CK_FOR_VECTORS(channels, const vf v = n == VF_LANES ? vf_load_stored(from + i) : vf_load_stored_first(from + i, n);
                   n == VF_LANES ? vf_store(to + i, v) : vf_store_first(to + i, v, n);)
  }
}

/// The distances between elements of windows in a slab whose rows are `row` elements long, and whose data is `slab`.
CK_INLINE convolution_windows convolution_windows_of_slab(const real *slab, int64_t row,
                                                          const ck_convolution *convolution,
                                                          const convolution_phase *phase) {
  return (convolution_windows){
      .data = slab,
      .pixel = convolution_slab_pixel(convolution->source_channels, phase->axes[2].step),
      .row = row,
      .plane = phase->axes[1].taps * row,
  };
}

/// Copies what the windows of `segment` read to `slab`, whose rows are `row` elements long: for `count` pairs of elements
/// along the first two axes, from pair `first` on.
static void convolution_fill_slab(real *slab, int64_t row, const ck_convolution *convolution,
                                  const convolution_phase *phase, const stored *source,
                                  const convolution_segment *segment, int64_t first, int64_t count) {
  const convolution_axis *axes = phase->axes;
  const int64_t channels = convolution->source_channels, step = convolution->groups * channels;
  const int64_t pixel = convolution_slab_pixel(channels, axes[2].step);
  const int64_t start = convolution_source(&axes[2], segment->at[2], 0);
  const int64_t pixels = (segment->count - 1) * axes[2].step + (axes[2].taps - 1) * axes[2].reach + 1;
  // Those that lie in the source.
  const int64_t low = start < 0 ? (-start < pixels ? -start : pixels) : 0, end = axes[2].source - start;
  const int64_t high = end < low ? low : end < pixels ? end : pixels;
  for (int64_t pair = first; pair < first + count; pair++, slab += row) {
    const int64_t d = convolution_source(&axes[0], segment->at[0], pair / axes[1].taps);
    const int64_t h = convolution_source(&axes[1], segment->at[1], pair % axes[1].taps);
    if (!convolution_is_inside(&axes[0], d) || !convolution_is_inside(&axes[1], h)) {
      memset(slab, 0, (size_t)(pixels * pixel) * sizeof(real));
      continue;
    }
    memset(slab, 0, (size_t)(low * pixel) * sizeof(real));
    if (low < high) {
      const int64_t place = ((segment->image * axes[0].source + d) * axes[1].source + h) * axes[2].source + start + low;
      convolution_copy_pixels(slab + low * pixel, pixel, source + place * step, step, channels, high - low);
    }
    memset(slab + high * pixel, 0, (size_t)((pixels - high) * pixel) * sizeof(real));
  }
}

/// The runs that `depth` steps of k from `first` on are in such windows, for weights that lie `b_step` a step.
static int64_t convolution_find_runs(ck_gemm_run *runs, const ck_convolution *convolution,
                                     const convolution_phase *phase, const convolution_windows *windows, int64_t first,
                                     int64_t depth, int64_t b_step) {
  if (depth == 0) return 0;
  const convolution_axis *last = &phase->axes[2];
  const int64_t channels = convolution->source_channels;
  const int64_t taps = last->reach == 1 && windows->pixel == channels ? last->taps : 1;
  convolution_tap tap = convolution_make_tap(phase, first / (taps * channels) * taps);
  int64_t count = 0, skipped = first % (taps * channels);
  for (int64_t k = 0; k < depth;) {
    const int64_t length = taps * channels - skipped < depth - k ? taps * channels - skipped : depth - k;
    runs[count++] = (ck_gemm_run){
        .a = tap.at[0] * windows->plane + tap.at[1] * windows->row + tap.at[2] * last->reach * windows->pixel + skipped,
        .b = k * b_step,
        .depth = length,
    };
    k += length;
    skipped = 0;
    tap.at[2] += taps - 1;
    convolution_next_tap(phase, &tap);
  }
  return count;
}
