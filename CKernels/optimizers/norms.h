// What norms of gradients add up, over all parameters. Included for each floating-point type by optimizers.h.

#define segment_accumulate CK_OF_DTYPE(segment_accumulate)
CK_INLINE vf segment_accumulate(segment_term term, vf total, vf v, vf scale, vf power) {
  switch (term) {
    case SEGMENT_SQUARES:
      v = vf_mul(v, scale);
      return vf_fma(v, v, total);
    case SEGMENT_MAGNITUDES: return vf_add(total, vf_abs(v));
    case SEGMENT_LARGEST: return vf_max_nan(total, vf_abs(v));
    // The logarithm of 0 is -inf, whose exponential is 0 again.
    case SEGMENT_POWERS: return vf_add(total, vf_exp(vf_mul(power, vf_log(vf_mul(vf_abs(v), scale)))));
  }
  return total;
}

#define segment_combine CK_OF_DTYPE(segment_combine)
CK_INLINE vf segment_combine(segment_term term, vf a, vf b) {
  return term == SEGMENT_LARGEST ? vf_max_nan(a, b) : vf_add(a, b);
}

/// The terms of `count` elements, at most SEGMENT_BLOCK, in an order that `count` alone decides.
#define segment_block CK_OF_DTYPE(segment_block)
CK_INLINE double segment_block(segment_term term, const stored *p, int64_t count, vf scale, vf power) {
  vf total[SEGMENT_STREAMS];
  for (int s = 0; s < SEGMENT_STREAMS; s++) total[s] = vf_zero();
  int64_t i = 0;
  for (; i + SEGMENT_STREAMS * VF_LANES <= count; i += SEGMENT_STREAMS * VF_LANES) {
    for (int s = 0; s < SEGMENT_STREAMS; s++) {
      total[s] = segment_accumulate(term, total[s], vf_load_stored(p + i + s * VF_LANES), scale, power);
    }
  }
  for (; i + VF_LANES <= count; i += VF_LANES) {
    total[0] = segment_accumulate(term, total[0], vf_load_stored(p + i), scale, power);
  }
  // The lanes that are not there are zeros, which change no sum and no maximum of magnitudes.
  if (i < count) total[1] = segment_accumulate(term, total[1], vf_load_stored_first(p + i, count - i), scale, power);
  for (int width = SEGMENT_STREAMS / 2; width > 0; width /= 2) {
    for (int s = 0; s < width; s++) total[s] = segment_combine(term, total[s], total[s + width]);
  }
  if (term != SEGMENT_LARGEST) return (double)vf_reduce_add(total[0]);
  return vm_any(vf_is_nan(total[0])) ? (double)NAN : (double)vf_reduce_max(total[0]);
}

#define segment_items CK_OF_DTYPE(segment_items)
CK_INLINE void segment_items(segment_term term, const ck_launch *launch, int64_t begin, int64_t end) {
  double *results = launch->operands[0].data;
  const int64_t part = launch->attributes.integers[1];
  const vf scale = vf_set1((real)launch->attributes.numbers[0]), power = vf_set1((real)launch->attributes.numbers[1]);
  for (int64_t item = begin; item < end; item++) {
    int64_t first = item * part;
    int64_t last = launch->shape[0] - first < part ? launch->shape[0] : first + part;
    double total = 0;
    ck_segments segments = ck_segments_in(launch, &launch->operands[1], first, last);
    ck_segment segment;
    while (ck_next_segment(&segments, &segment)) {
      const stored *p = (const stored *)segment.parameter->gradient + segment.offset;
      for (int64_t i = 0; i < segment.count; i += SEGMENT_BLOCK) {
        int64_t count = segment.count - i < SEGMENT_BLOCK ? segment.count - i : SEGMENT_BLOCK;
        double terms = segment_block(term, p + i, count, scale, power);
        if (term != SEGMENT_LARGEST) total += terms;
        else if (!(terms <= total) && total == total) total = terms;
      }
    }
    results[item] = total;
  }
}

/// What the gradients of parameters given as `ck_parameter` (operand 1; of its fields only `first_item` and `gradient`
/// are read) add up to. Items are parts of integers[1] elements, numbered through all gradients, of which the last may
/// be shorter; operand 0 gets a float64 for each. integers: the number of parameters, a part's length. numbers[0]: a
/// factor on every element. NaN spreads.
/// The sum of the squares of x * numbers[0]. Blocks are summed in the numbers computed with, in chains of at most 16
/// additions and a tree of 8, and added up in float64: within 16 roundings of the exact sum, unless a square overflows
/// or is denormal.
CK_TILE(segment_squares, CK_DTYPE) {
  (void)scratch;
  segment_items(SEGMENT_SQUARES, launch, begin, end);
}

/// As segment_squares, the sum of magnitudes, without a factor.
CK_TILE(segment_magnitudes, CK_DTYPE) {
  (void)scratch;
  segment_items(SEGMENT_MAGNITUDES, launch, begin, end);
}

/// As segment_squares, the greatest magnitude, without a factor; exact.
CK_TILE(segment_largest, CK_DTYPE) {
  (void)scratch;
  segment_items(SEGMENT_LARGEST, launch, begin, end);
}

/// As segment_squares, the sum of |x * numbers[0]|^numbers[1], a power above 0. With a factor that brings magnitudes to
/// 2 or less, the error of a power is within 4 roundings of the greatest.
CK_TILE(segment_powers, CK_DTYPE) {
  (void)scratch;
  segment_items(SEGMENT_POWERS, launch, begin, end);
}
