// Random numbers of the types that are computed with as float32. Included for each of them by random.h.

#define stored_below CK_OF_DTYPE(ck_below)

/// Writes the elements `begin ..< end`, a batch of VF32_LANES blocks at a time. Batches start at multiples of
/// their size, so that an element is in the same lane however the range is cut.
#define generate_random CK_OF_DTYPE(ck_generate_random)
CK_INLINE void generate_random(const ck_launch *launch, int64_t begin, int64_t end,
                               const float parameters[4], ck_distribution distribution) {
  enum { BATCH = 4 * VF32_LANES };
  stored *out = launch->operands[0].data;
  uint64_t seed = (uint64_t)launch->attributes.integers[0], stream = (uint64_t)launch->attributes.integers[1];
  for (int64_t batch = begin / BATCH * BATCH; batch < end; batch += BATCH) {
    ck_philox_words words = ck_philox(seed, stream, (uint64_t)(batch / 4));
    vf32 e[4];
    distribution(parameters, &words, e);
    // Two rounds of zipping bring the four elements of a block side by side.
    vf32 low02 = vf32_zip_low(e[0], e[2]), high02 = vf32_zip_high(e[0], e[2]);
    vf32 low13 = vf32_zip_low(e[1], e[3]), high13 = vf32_zip_high(e[1], e[3]);
    bool whole = batch >= begin && batch + BATCH <= end;
    stored part[BATCH];
    stored *target = whole ? out + batch : part;
    vf_store_stored(target, vf32_zip_low(low02, low13));
    vf_store_stored(target + VF32_LANES, vf32_zip_high(low02, low13));
    vf_store_stored(target + 2 * VF32_LANES, vf32_zip_low(high02, high13));
    vf_store_stored(target + 3 * VF32_LANES, vf32_zip_high(high02, high13));
    if (!whole) {
      int64_t from = batch < begin ? begin - batch : 0;
      int64_t to = end - batch < BATCH ? end - batch : BATCH;
      memcpy(out + batch + from, part + from, (size_t)(to - from) * sizeof(stored));
    }
  }
}

/// Uniform numbers in [numbers[0], numbers[1]), from 24 random bits each and rounded to elements; numbers[0] where the
/// two are equal.
CK_TILE(uniform, CK_DTYPE) {
  (void)scratch;
  stored first = stored_of_f64(launch->attributes.numbers[0]), last = stored_of_f64(launch->attributes.numbers[1]);
  real low = real_of_stored(first), high = real_of_stored(last);
  // low + u * (high - low) can round up to `high`, so the element before it is the greatest allowed.
  float greatest = low < high ? real_of_stored(stored_below(last)) : low;
  // A range wider than the largest number is halved, and what is drawn of it doubled.
  float part = high - low < INFINITY ? 1.0f : 0.5f;
  float parameters[4] = {low * part, high * part - low * part, 1 / part, greatest};
  generate_random(launch, begin, end, parameters, ck_uniform);
}

/// Normal numbers of mean numbers[0] and standard deviation numbers[1]; none is further than 5.8 deviations
/// from the mean. Relative to the deviation, an element is within 2^-20 of the transformation's exact value.
CK_TILE(normal, CK_DTYPE) {
  (void)scratch;
  float parameters[4] = {(float)launch->attributes.numbers[0], (float)launch->attributes.numbers[1]};
  generate_random(launch, begin, end, parameters, ck_normal);
}

/// numbers[1] with probability numbers[0], in steps of 2^-24, else 0.
CK_TILE(bernoulli, CK_DTYPE) {
  (void)scratch;
  // The uniform number is a whole multiple of 2^-24, so it is below p just when its count is below p * 2^24
  // rounded up. A double holds that product exactly.
  float parameters[4] = {(float)ceil(launch->attributes.numbers[0] * 0x1p24), (float)launch->attributes.numbers[1]};
  generate_random(launch, begin, end, parameters, ck_bernoulli);
}
