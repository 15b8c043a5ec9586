// How windows lie on the axes of a plane: what pooling, padding and resampling kernels take for each axis.
#ifndef CK_WINDOWS_H
#define CK_WINDOWS_H

#include <stdint.h>

/// One axis: which places of the input each place of the output is made of, in ascending order or in any other that the
/// result depends on.
typedef struct ck_window_axis {
  /// The sizes of the axis, below 2^31.
  int64_t input, output;
  /// The most places of the input that one of the output has.
  int64_t taps;
  /// For each place of the output, how many it has.
  const int32_t *counts;
  /// [taps][output] places of the input; behind the last one of an output `input`, where kernels keep an element that
  /// does nothing.
  const int32_t *sources;
  /// [taps][output] factors, float for all dtypes but float64 and double for that; NULL for ones.
  const void *weights;
  /// [output] of the same type: what a sum is divided by; NULL for ones.
  const void *divisors;
  /// Between `regular_begin` and `regular_end` outputs have all taps, and an output's taps are those of the `period`
  /// outputs before it, `step` places further on and with the same weights. The period is 1 and the step 1 or 2, or the
  /// period 2 and the step 1. Empty where there is no such pattern.
  int64_t regular_begin, regular_end, step, period;
} ck_window_axis;

#endif
