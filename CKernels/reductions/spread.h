// When the plain mean of elements, and their mean squared distance from it, need a second look.
#ifndef CK_REDUCTIONS_SPREAD_H
#define CK_REDUCTIONS_SPREAD_H

/// What a second look at elements finds.
typedef struct reduce_spread {
  /// A number near the mean that elements can be compared with, and how far the mean lies above it.
  double center, offset;
  /// The root of the mean squared distance from the mean.
  double root;
  /// The largest magnitude.
  double largest;
} reduce_spread;

/// Whether plain sums have told the mean square about a mean: it is finite, is larger than what the mean's rounding
/// adds to it, and was not lost below the smallest numbers.
///
/// The mean is off by (log2(n) + 20) * eps of itself at most. Where the root of the mean square is above 2^-10 of the
/// mean, the square of that is a few thousandths of 2^-10 of the mean square, for as many elements as there can be.
///
/// `level` is what the mean square has to be accurate beside: itself, plus an epsilon where one is added.
CK_INLINE bool spread_is_plain(double mean_square, double level, double mean, double tiny) {
  return mean_square < (double)INFINITY && mean_square * 0x1p20 >= mean * mean && level >= tiny;
}

#endif
