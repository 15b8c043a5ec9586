// Random numbers of float64, two for each block of four random words.
#ifndef CK_RANDOM_DOUBLES_H
#define CK_RANDOM_DOUBLES_H

/// Turns two numbers from 0 on and below 1, in steps of 2^-52, into two elements, for VF64_LANES blocks.
typedef void (*ck_distribution_f64)(const double parameters[4], const vf64 unit[2], vf64 element[2]);

/// The 64 bits of `high` and `low`, as the upper 52 bits of them in [0, 1). `half` is which half of the lanes.
CK_INLINE vf64 ck_unit_f64(vi32 high, vi32 low, int half) {
  vf32 a = vi32_as_vf32(low), b = vi32_as_vf32(high);
  float lanes[VF32_LANES];
  int64_t words[VF64_LANES];
  vf32_store(lanes, half == 0 ? vf32_zip_low(a, b) : vf32_zip_high(a, b));
  memcpy(words, lanes, sizeof words);
  vi64 fraction = vi64_shift_right_logical(vi64_load(words), 12);
  vf64 above_one = vi64_as_vf64(vi64_or(fraction, vi64_set1(0x3ff0000000000000)));
  return vf64_sub(above_one, vf64_set1(1.0));
}

/// Writes the elements `begin ..< end`, a batch of VF32_LANES blocks at a time. Batches start at multiples of
/// their size, so that an element is in the same lane however the range is cut.
CK_INLINE void ck_generate_random_f64(const ck_launch *launch, int64_t begin, int64_t end,
                                      const double parameters[4], ck_distribution_f64 distribution) {
  enum { BATCH = 2 * VF32_LANES };
  double *out = launch->operands[0].data;
  uint64_t seed = (uint64_t)launch->attributes.integers[0], stream = (uint64_t)launch->attributes.integers[1];
  for (int64_t batch = begin / BATCH * BATCH; batch < end; batch += BATCH) {
    ck_philox_words words = ck_philox(seed, stream, (uint64_t)(batch / 2));
    bool whole = batch >= begin && batch + BATCH <= end;
    double part[BATCH];
    double *target = whole ? out + batch : part;
    for (int half = 0; half < 2; half++) {
      vf64 unit[2] = {ck_unit_f64(words.word[0], words.word[1], half), ck_unit_f64(words.word[2], words.word[3], half)};
      vf64 e[2];
      distribution(parameters, unit, e);
      vf64_store(target + 2 * half * VF64_LANES, vf64_zip_low(e[0], e[1]));
      vf64_store(target + (2 * half + 1) * VF64_LANES, vf64_zip_high(e[0], e[1]));
    }
    if (!whole) {
      int64_t from = batch < begin ? begin - batch : 0;
      int64_t to = end - batch < BATCH ? end - batch : BATCH;
      memcpy(out + batch + from, part + from, (size_t)(to - from) * sizeof(double));
    }
  }
}

/// Parameters: low, high - low, a factor of their sum, the greatest number allowed.
CK_INLINE void ck_uniform_f64(const double parameters[4], const vf64 unit[2], vf64 element[2]) {
  for (int i = 0; i < 2; i++) {
    // Not fused, so that every ISA rounds alike.
    vf64 x = vf64_add(vf64_set1(parameters[0]), vf64_mul(unit[i], vf64_set1(parameters[1])));
    element[i] = vf64_min(vf64_mul(x, vf64_set1(parameters[2])), vf64_set1(parameters[3]));
  }
}

/// Box and Muller's transformation. Parameters: mean, standard deviation.
CK_INLINE void ck_normal_f64(const double parameters[4], const vf64 unit[2], vf64 element[2]) {
  vf64 mean = vf64_set1(parameters[0]), deviation = vf64_set1(parameters[1]);
  // In (0, 1], so that the logarithm is finite.
  vf64 logarithm = vf64_log(vf64_add(unit[0], vf64_set1(0x1p-52)));
  vf64 radius = vf64_mul(deviation, vf64_sqrt(vf64_mul(logarithm, vf64_set1(-2.0))));
  vf64 sine, cosine;
  vf64_sincos_turns(unit[1], &sine, &cosine);
  element[0] = vf64_fma(radius, cosine, mean);
  element[1] = vf64_fma(radius, sine, mean);
}

/// Parameters: the probability, the value.
CK_INLINE void ck_bernoulli_f64(const double parameters[4], const vf64 unit[2], vf64 element[2]) {
  vf64 bound = vf64_set1(parameters[0]), value = vf64_set1(parameters[1]);
  for (int i = 0; i < 2; i++) element[i] = vf64_select(vf64_lt(unit[i], bound), value, vf64_zero());
}

/// As for the other types, from 52 random bits each.
CK_TILE(uniform, f64) {
  (void)scratch;
  double low = launch->attributes.numbers[0], high = launch->attributes.numbers[1];
  // A range wider than the largest number is halved, and what is drawn of it doubled.
  double part = high - low < (double)INFINITY ? 1.0 : 0.5;
  double parameters[4] = {low * part, high * part - low * part, 1 / part, low < high ? nextafter(high, low) : low};
  ck_generate_random_f64(launch, begin, end, parameters, ck_uniform_f64);
}

/// As for the other types: none is further than 8.5 deviations from the mean, and relative to the deviation, an element
/// is within 2^-48 of the transformation's exact value.
CK_TILE(normal, f64) {
  (void)scratch;
  double parameters[4] = {launch->attributes.numbers[0], launch->attributes.numbers[1]};
  ck_generate_random_f64(launch, begin, end, parameters, ck_normal_f64);
}

/// numbers[1] with probability numbers[0], in steps of 2^-52, else 0.
CK_TILE(bernoulli, f64) {
  (void)scratch;
  double parameters[4] = {launch->attributes.numbers[0], launch->attributes.numbers[1]};
  ck_generate_random_f64(launch, begin, end, parameters, ck_bernoulli_f64);
}

#endif
