// Going through the rows of an output's planes, which are the items of most of these launches.
#ifndef CK_WINDOWS_WALK_H
#define CK_WINDOWS_WALK_H

#include "../include/ckernels.h"
#include "../include/ck_windows.h"

/// A row of planes of D x H rows: the planes' number, and the row's place in it.
typedef struct window_row {
  int64_t outer, d, h;
} window_row;

static inline window_row window_row_at(int64_t item, int64_t depth, int64_t height) {
  return (window_row){item / (depth * height), item / height % depth, item % height};
}

static inline void window_row_next(window_row *row, int64_t depth, int64_t height) {
  if (++row->h < height) return;
  row->h = 0;
  if (++row->d < depth) return;
  row->d = 0;
  row->outer++;
}

/// Tap `t` of place `o`.
static inline int64_t window_source(const ck_window_axis *axis, int64_t t, int64_t o) {
  return axis->sources[t * axis->output + o];
}

#endif
