// What plans compute of sizes, none of which is negative.
#ifndef CK_SIZES_H
#define CK_SIZES_H

#include <stdint.h>

static inline int64_t ceiling(int64_t a, int64_t b) { return (a + b - 1) / b; }
static inline int64_t rounded_up(int64_t a, int64_t step) { return ceiling(a, step) * step; }
static inline int64_t at_least(int64_t a, int64_t limit) { return a > limit ? a : limit; }
static inline int64_t at_most(int64_t a, int64_t limit) { return a < limit ? a : limit; }

/// The smallest multiple of `step` that cuts `extent` into as many blocks as `block` does.
static inline int64_t evened(int64_t extent, int64_t block, int64_t step) {
  return extent == 0 ? step : rounded_up(ceiling(extent, ceiling(extent, block)), step);
}

#endif
