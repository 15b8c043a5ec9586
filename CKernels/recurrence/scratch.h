// The scratch memory of a recurrent layer's item. Shared by the kernels, which use it, and by the plan, which asks for it.
#ifndef CK_RECURRENCE_SCRATCH_H
#define CK_RECURRENCE_SCRATCH_H

#include <stdint.h>

/// `count` elements in whole vectors of `lanes`.
static inline int64_t recurrence_whole(int64_t count, int64_t lanes) { return (count + lanes - 1) / lanes * lanes; }

/// The elements from a row of states to the next: a vector more than they need, so that rows do not all fall on the same
/// sets of the caches.
static inline int64_t recurrence_row(int64_t count, int64_t lanes) { return recurrence_whole(count, lanes) + lanes; }

/// The elements of scratch for `rows` rows: h, c and what a projection takes, forward and backward alike; and the sums
/// of all gates, which backward are their gradients.
static inline int64_t recurrence_scratch(int64_t rows, int64_t gates, int64_t hidden, int64_t outputs, int64_t lanes) {
  const int64_t widest = hidden > outputs ? hidden : outputs;
  return rows * (4 * recurrence_row(widest, lanes) + recurrence_row(gates * recurrence_whole(hidden, lanes), lanes));
}

#endif
