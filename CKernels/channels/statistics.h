// Mean and variance from the sums of parts. Included for each floating-point type by channels.h.

#define channel_measure_again CK_OF_DTYPE(channel_measure_again)
#define channel_keep CK_OF_DTYPE(channel_keep)

/// Writes what elements are normalised with, (x - center) * scale + shift, and the statistics themselves. The mean is
/// `origin` + `offset`.
CK_INLINE void channel_keep(real *kept, double origin, double offset, double variance, double scale) {
  double mean = origin + offset;
  kept[0] = (real)mean;
  kept[1] = (real)scale;
  kept[2] = (real)-(((origin - (double)kept[0]) + offset) * scale);
  kept[3] = (real)mean;
  kept[4] = (real)variance;
}

/// What sums have not told: see reductions/spread_measure.h. False where there is nothing to be found.
__attribute__((noinline)) static bool channel_measure_again(real *kept, const ck_operand *x, const channel_space *space,
                                                            int64_t owner, double epsilon) {
  channel_members members = channel_members_of(space, owner);
  int64_t image = space->groups == 0 ? 0 : owner / space->groups;
  bool batch = space->groups == 0;
  int64_t shape[2] = {batch ? space->images : members.last_channel - members.first_channel, space->positions};
  int64_t strides[2] = {x->strides[batch ? 0 : 1], x->strides[2]};
  ck_space points = ck_space_make(2, shape, strides);
  const stored *first = (const stored *)x->data + image * x->strides[0] + members.first_channel * x->strides[1];
  reduce_spread spread;
  if (!spread_measure(first, &points, true, &spread)) return false;
  channel_keep(kept, spread.center, spread.offset, spread.root * spread.root, 1 / hypot(spread.root, sqrt(epsilon)));
  // Distances may overflow where elements do not; such elements are as good without a centre.
  if (!(2 * (double)(real)spread.largest <= (CK_BITS == 32 ? (double)FLT_MAX : DBL_MAX))) {
    kept[0] = 0;
    kept[2] = (real)-((spread.center + spread.offset) * (double)kept[1]);
  }
  return true;
}

// Items are statistics: channels, or images and groups. Operands:
//   kept      five numbers side by side for each: centre, scale, shift, mean and variance
//   sums      {parts, channels, 3} float64 of `channel_sums`, or NULL: mean and variance are given
//   x         {images, channels, positions}, for a second look at what the sums do not tell
//   mean      {channels} or NULL
//   variance  {channels} or NULL
// numbers[0] is epsilon; the scale is 1 / sqrt(variance + epsilon), where the variance divides by the number of points.

/// Statistics from the sums of parts. There is a second look at elements whose variance is less than a seventeenth of
/// their mean square about the numbers that the sums are taken about, or whose squares overflow or vanish.
/// Error: of the variance 2^-24 * 20 * 17 at most, of the mean 2^-24 * (1/2 of itself + 20 deviations); equal elements
/// have a variance of exactly 0. NaN: one, or an infinity, makes mean or scale, and the variance, NaN.
CK_TILE(channel_statistics, CK_DTYPE) {
  (void)scratch;
  channel_space space = channel_space_of(launch);
  real *results = launch->operands[0].data;
  const double *sums = launch->operands[1].data;
  double epsilon = launch->attributes.numbers[0];
  for (int64_t owner = begin; owner < end; owner++) {
    real *kept = results + owner * CHANNEL_KEPT;
    if (sums == NULL) {
      double variance = (double)((const real *)launch->operands[4].data)[owner];
      double mean = (double)((const real *)launch->operands[3].data)[owner];
      channel_keep(kept, mean, 0, variance, 1 / sqrt(variance + epsilon));
      continue;
    }
    channel_members members = channel_members_of(&space, owner);
    // Distances of the parts' means from the first part's origin, so that equal elements have the mean that they are.
    // Of nothing there are no statistics, nor is there anything to normalise by them.
    if (members.first_part >= members.last_part || members.first_channel >= members.last_channel) {
      channel_keep(kept, 0, 0, 0, 1 / sqrt(epsilon));
      continue;
    }
    double origin = sums[(members.first_part * space.channels + members.first_channel) * CHANNEL_SUMS + 2];
    double offset = 0;
    for (int64_t p = members.first_part; p < members.last_part; p++) {
      channel_part part = channel_part_at(&space, p);
      double count = (double)(part.images * part.positions);
      for (int64_t c = members.first_channel; c < members.last_channel; c++) {
        const double *of = sums + (p * space.channels + c) * CHANNEL_SUMS;
        offset += count * (of[2] - origin) + of[0];
      }
    }
    offset /= members.count;
    double squares = 0, rough = 0;
    for (int64_t p = members.first_part; p < members.last_part; p++) {
      channel_part part = channel_part_at(&space, p);
      double count = (double)(part.images * part.positions);
      for (int64_t c = members.first_channel; c < members.last_channel; c++) {
        const double *of = sums + (p * space.channels + c) * CHANNEL_SUMS;
        double own = of[0] / count, away = (of[2] - origin) + own - offset;
        double spread = of[1] - own * of[0];
        squares += (spread < 0 ? 0 : spread) + count * away * away;
        rough += of[1];
      }
    }
    double variance = squares / members.count;
    bool plain = squares < (double)INFINITY && rough <= 17 * squares && variance + epsilon >= spread_tiny;
    if (!plain && channel_measure_again(kept, &launch->operands[2], &space, owner, epsilon)) continue;
    channel_keep(kept, origin, offset, variance, 1 / sqrt(variance + epsilon));
  }
}
