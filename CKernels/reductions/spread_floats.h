// The spread of floats about their mean. Included for each floating-point type by reductions.h.

/// The variance of each output's elements, or its root where integers[3] is not 0, from the sum of their squared
/// distances from a centre, the rounded mean, and by a second look where that is not enough. The launch is that of
/// `squares` with one part and at least one element for each output; numbers[0] is the reciprocal of what the squares
/// are divided by. Operands are the sums, which become the results, the elements, and the centres, which become more
/// exact where there was a second look. Both are dense.
/// Error: at most (log2(n) + 24) * eps of the variance, and of what its elements' own rounding to about 2^-10 of their
/// mean adds; equal elements have exactly 0. It overflows where the result does. NaN: as `squares`.
CK_TILE(spread, CK_DTYPE) {
  (void)scratch;
  if (begin >= end) return;
  real *results = launch->operands[0].data, *centers = launch->operands[2].data;
  const stored *input = launch->operands[1].data;
  double scale = launch->attributes.numbers[0];
  bool takes_root = launch->attributes.integers[3] != 0;
  reduce_plan plan = reduce_plan_make(launch);
  double n = (double)plan.reduced.count;
  ck_cursor cursor = ck_cursor_at(&plan.kept, begin);
  for (int64_t item = begin; item < end; item++) {
    double variance = (double)results[item] * scale, mean_square = (double)results[item] / n;
    double root = sqrt(variance);
    reduce_spread spread;
    if (!spread_is_plain(mean_square, mean_square, (double)centers[item], spread_tiny) &&
        spread_measure(input + cursor.offset, &plan.reduced, true, &spread)) {
      centers[item] = (real)(spread.center + spread.offset);
      variance = spread.root * spread.root * (n * scale);
      root = spread.root * sqrt(n * scale);
    }
    results[item] = (real)(takes_root ? root : variance);
    ck_cursor_advance(&plan.kept, &cursor, 1);
  }
}
