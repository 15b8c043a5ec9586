// How a convolution's windows lie along its axes, the same for all types.
#ifndef CK_CONVOLUTION_AXIS_H
#define CK_CONVOLUTION_AXIS_H

#include "../include/ck_convolution.h"

/// One axis of the convolution that a phase is: position q reads, by element j of its window, the source at
/// q * step + j * reach + origin, weighted by the kernel's element first_tap + j * tap_step, for the result at
/// first_result + q * result_step.
typedef struct convolution_axis {
  int64_t positions, taps;
  int64_t step, reach, origin;
  int64_t first_tap, tap_step;
  int64_t first_result, result_step;
  int64_t source, result;
} convolution_axis;

/// The convolution that the results with one residue by the stride, along each axis, are. Without a transpose there is
/// one phase, the convolution itself.
typedef struct convolution_phase {
  convolution_axis axes[3];
  /// The elements of a window, and the depth of the product.
  int64_t taps, depth;
  /// Of one image.
  int64_t positions;
} convolution_phase;

static inline int64_t convolution_divisor(int64_t a, int64_t b) {
  while (b != 0) {
    const int64_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

/// How many phases a transpose has along an axis.
static inline int64_t convolution_axis_phases(const ck_convolution_axis *axis, int64_t is_transposed) {
  return is_transposed && axis->result > 1 ? (axis->stride < axis->result ? axis->stride : axis->result) : 1;
}

static inline convolution_axis convolution_make_axis(const ck_convolution_axis *axis, int64_t is_transposed,
                                                     int64_t phase) {
  convolution_axis made = {.source = axis->source, .result = axis->result};
  if (!is_transposed) {
    made.positions = axis->result;
    made.taps = axis->kernel;
    made.step = axis->stride;
    made.reach = axis->dilation;
    made.origin = -axis->padding;
    made.tap_step = 1;
    made.result_step = 1;
    return made;
  }
  const int64_t stride = axis->stride, divisor = convolution_divisor(stride, axis->dilation);
  made.positions = axis->result > phase ? (axis->result - phase + stride - 1) / stride : 0;
  made.first_result = phase;
  made.result_step = stride;
  made.step = 1;
  made.reach = axis->dilation / divisor;
  // The elements of the window that meet this phase are evenly spaced.
  const int64_t spacing = stride / divisor, target = phase + axis->padding;
  int64_t least = 0;
  while (least < spacing && (target - least * axis->dilation) % stride != 0) least++;
  made.taps = least < spacing && least < axis->kernel ? (axis->kernel - 1 - least) / spacing + 1 : 0;
  if (made.taps == 0) return made;
  // From the last one back, so that the source is read forwards.
  made.first_tap = least + (made.taps - 1) * spacing;
  made.tap_step = -spacing;
  made.origin = (target - made.first_tap * axis->dilation) / stride;
  return made;
}

static inline convolution_phase convolution_make_phase(const ck_convolution *convolution, int64_t phase) {
  convolution_phase made = {.taps = 1, .positions = 1};
  for (int d = 2; d >= 0; d--) {
    const ck_convolution_axis *axis = &convolution->axes[d];
    const int64_t phases = convolution_axis_phases(axis, convolution->is_transposed);
    made.axes[d] = convolution_make_axis(axis, convolution->is_transposed, phase % phases);
    phase /= phases;
    made.taps *= made.axes[d].taps;
    made.positions *= made.axes[d].positions;
  }
  made.depth = made.taps * convolution->source_channels;
  return made;
}

/// Positions side by side in one row of the result.
typedef struct convolution_segment {
  /// The first of them, counted from where the block begins, and how many there are.
  int64_t first, count;
  /// Where that one is.
  int64_t image, at[3];
} convolution_segment;

/// Cuts `count` positions from `first` on into segments that end with rows and after every `width` positions. Returns
/// how many there are, at most `count`.
static inline int64_t convolution_find_segments(const convolution_phase *phase, int64_t first, int64_t count,
                                                int64_t width, convolution_segment *segments) {
  const int64_t columns = phase->axes[2].positions, rows = phase->axes[1].positions;
  const int64_t row = first / columns, plane = row / rows;
  convolution_segment next = {
      .at = {plane % phase->axes[0].positions, row - plane * rows, first - row * columns},
      .image = plane / phase->axes[0].positions,
  };
  int64_t found = 0, panel_end = width;
  while (next.first < count) {
    int64_t length = columns - next.at[2];
    if (length > count - next.first) length = count - next.first;
    if (length > panel_end - next.first) length = panel_end - next.first;
    next.count = length;
    segments[found++] = next;
    next.first += length;
    if (next.first == panel_end) panel_end += width;
    next.at[2] += length;
    if (next.at[2] < columns) continue;
    next.at[2] = 0;
    if (++next.at[1] < rows) continue;
    next.at[1] = 0;
    if (++next.at[0] < phase->axes[0].positions) continue;
    next.at[0] = 0;
    next.image++;
  }
  return found;
}

/// An element of a window: its place along each axis.
typedef struct convolution_tap {
  int64_t at[3];
} convolution_tap;

static inline convolution_tap convolution_make_tap(const convolution_phase *phase, int64_t tap) {
  const int64_t row = tap / phase->axes[2].taps;
  return (convolution_tap){
      .at = {row / phase->axes[1].taps, row % phase->axes[1].taps, tap - row * phase->axes[2].taps}};
}

static inline void convolution_next_tap(const convolution_phase *phase, convolution_tap *tap) {
  if (++tap->at[2] < phase->axes[2].taps) return;
  tap->at[2] = 0;
  if (++tap->at[1] < phase->axes[1].taps) return;
  tap->at[1] = 0;
  tap->at[0]++;
}

/// The source's place that position `at` reads by element `tap` of its window.
static inline int64_t convolution_source(const convolution_axis *axis, int64_t at, int64_t tap) {
  return at * axis->step + tap * axis->reach + axis->origin;
}

static inline bool convolution_is_inside(const convolution_axis *axis, int64_t place) {
  return (uint64_t)place < (uint64_t)axis->source;
}

/// Which of `count` positions, the first of which reads the source at `start`, read it inside: those from `*low` up to
/// `*high`.
static inline void convolution_inside(const convolution_axis *axis, int64_t start, int64_t count, int64_t *low,
                                      int64_t *high) {
  int64_t first = 0, last = count;
  if (start < 0) first = axis->step == 1 ? -start : (axis->step - 1 - start) / axis->step;
  const int64_t end = start + (count - 1) * axis->step;
  if (end >= axis->source) {
    const int64_t left = axis->source - start;
    last = left <= 0 ? 0 : axis->step == 1 ? left : (left - 1) / axis->step + 1;
  }
  *low = first < count ? first : count;
  *high = last > *low ? last : *low;
}

enum {
  /// The most elements of a window, with their source channels, that are summed without panels.
  convolution_most_direct_taps = 64,
};

/// What the windows of positions side by side read is copied to a slab, where it does not already lie so: for each element
/// of a window along the first two axes a row of pixels, zeros beyond the source, all channels of a group in each. Pixels
/// do not lie a multiple of this many elements apart, which would put those of neighbours on few sets of a cache.
enum { convolution_bad_distance = 512, convolution_better_distance = 16 };

static inline int64_t convolution_slab_pixel(int64_t channels, int64_t step) {
  return channels * step % convolution_bad_distance == 0 ? channels + convolution_better_distance : channels;
}

/// The elements of one row of a slab.
static inline int64_t convolution_slab_row(int64_t channels, int64_t step, int64_t reach, int64_t taps,
                                           int64_t positions) {
  return ((positions - 1) * step + (taps - 1) * reach + 1) * convolution_slab_pixel(channels, step);
}

/// The room that a tile function's parts of its scratch memory take: each begins on a cache line.
static inline int64_t convolution_room(int64_t bytes) { return (bytes + 63) / 64 * 64; }

#endif
