// What plans compute of sizes, none of which is negative.
#ifndef CK_SIZES_H
#define CK_SIZES_H

#include <stdint.h>

static inline int64_t ceiling(int64_t a, int64_t b) { return (a + b - 1) / b; }
static inline int64_t rounded_up(int64_t a, int64_t step) { return ceiling(a, step) * step; }
static inline int64_t at_least(int64_t a, int64_t limit) { return a > limit ? a : limit; }
static inline int64_t at_most(int64_t a, int64_t limit) { return a < limit ? a : limit; }

#endif
