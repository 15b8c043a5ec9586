// Uniform, normal and Bernoulli numbers from blocks of four random words. See random.h for what they share.
#ifndef CK_RANDOM_DISTRIBUTIONS_H
#define CK_RANDOM_DISTRIBUTIONS_H

#include "../math/log.h"
#include "../math/turns.h"

/// Turns the words of VF32_LANES blocks into the four elements of each.
typedef void (*ck_distribution)(const float parameters[3], const ck_philox_words *words, vf32 element[4]);

/// Writes the elements `begin ..< end`, a batch of VF32_LANES blocks at a time. Batches start at multiples of
/// their size, so that an element is in the same lane however the range is cut.
CK_INLINE void ck_generate_random(const ck_launch *launch, int64_t begin, int64_t end,
                                  const float parameters[3], ck_distribution distribution) {
  enum { BATCH = 4 * VF32_LANES };
  float *out = launch->operands[0].data;
  uint64_t seed = (uint64_t)launch->attributes.integers[0], stream = (uint64_t)launch->attributes.integers[1];
  for (int64_t batch = begin / BATCH * BATCH; batch < end; batch += BATCH) {
    ck_philox_words words = ck_philox(seed, stream, (uint64_t)(batch / 4));
    vf32 e[4];
    distribution(parameters, &words, e);
    // Two rounds of zipping bring the four elements of a block side by side.
    vf32 low02 = vf32_zip_low(e[0], e[2]), high02 = vf32_zip_high(e[0], e[2]);
    vf32 low13 = vf32_zip_low(e[1], e[3]), high13 = vf32_zip_high(e[1], e[3]);
    bool whole = batch >= begin && batch + BATCH <= end;
    float part[BATCH];
    float *target = whole ? out + batch : part;
    vf32_store(target, vf32_zip_low(low02, low13));
    vf32_store(target + VF32_LANES, vf32_zip_high(low02, low13));
    vf32_store(target + 2 * VF32_LANES, vf32_zip_low(high02, high13));
    vf32_store(target + 3 * VF32_LANES, vf32_zip_high(high02, high13));
    if (!whole) {
      int64_t from = batch < begin ? begin - batch : 0;
      int64_t to = end - batch < BATCH ? end - batch : BATCH;
      memcpy(out + batch + from, part + from, (size_t)(to - from) * sizeof(float));
    }
  }
}

/// Parameters: low, high - low, the greatest number allowed.
CK_INLINE void ck_uniform(const float parameters[3], const ck_philox_words *words, vf32 element[4]) {
  for (int w = 0; w < 4; w++) {
    vf32 u = vf32_mul(ck_upper_24_bits(words->word[w]), vf32_set1(0x1p-24f));
    // Not fused, so that every ISA rounds alike.
    vf32 x = vf32_add(vf32_set1(parameters[0]), vf32_mul(u, vf32_set1(parameters[1])));
    element[w] = vf32_min(x, vf32_set1(parameters[2]));
  }
}

/// Box and Muller's transformation: words 0 and 1 give a radius and an angle, and so elements 0 (cosine) and
/// 1 (sine); words 2 and 3 likewise. Parameters: mean, standard deviation.
CK_INLINE void ck_normal(const float parameters[3], const ck_philox_words *words, vf32 element[4]) {
  vf32 mean = vf32_set1(parameters[0]);
  vf32 deviation = vf32_set1(parameters[1]);
  for (int w = 0; w < 4; w += 2) {
    // In (0, 1], so that the logarithm is finite.
    vf32 count = vf32_add(ck_upper_24_bits(words->word[w]), vf32_set1(1.0f));
    vf32 logarithm = vf32_log(vf32_mul(count, vf32_set1(0x1p-24f)));
    vf32 radius = vf32_mul(deviation, vf32_sqrt(vf32_mul(logarithm, vf32_set1(-2.0f))));
    vf32 sine, cosine;
    vf32_sincos_turns(vf32_mul(ck_upper_24_bits(words->word[w + 1]), vf32_set1(0x1p-24f)), &sine, &cosine);
    element[w] = vf32_fma(radius, cosine, mean);
    element[w + 1] = vf32_fma(radius, sine, mean);
  }
}

/// Parameters: how many of the 2^24 counts give the value, the value.
CK_INLINE void ck_bernoulli(const float parameters[3], const ck_philox_words *words, vf32 element[4]) {
  vf32 bound = vf32_set1(parameters[0]), value = vf32_set1(parameters[1]);
  for (int w = 0; w < 4; w++) {
    element[w] = vf32_select(vf32_lt(ck_upper_24_bits(words->word[w]), bound), value, vf32_zero());
  }
}

/// Uniform numbers in [numbers[0], numbers[1]), from 24 random bits each; numbers[0] where the two are equal.
CK_TILE(uniform, f32) {
  (void)scratch;
  float low = (float)launch->attributes.numbers[0], high = (float)launch->attributes.numbers[1];
  // low + u * (high - low) can round up to `high`, so the float before it is the greatest allowed.
  float parameters[3] = {low, high - low, low < high ? nextafterf(high, low) : low};
  ck_generate_random(launch, begin, end, parameters, ck_uniform);
}

/// Normal numbers of mean numbers[0] and standard deviation numbers[1]; none is further than 5.8 deviations
/// from the mean. Relative to the deviation, an element is within 2^-20 of the transformation's exact value.
CK_TILE(normal, f32) {
  (void)scratch;
  float parameters[3] = {(float)launch->attributes.numbers[0], (float)launch->attributes.numbers[1]};
  ck_generate_random(launch, begin, end, parameters, ck_normal);
}

/// numbers[1] with probability numbers[0], in steps of 2^-24, else 0.
CK_TILE(bernoulli, f32) {
  (void)scratch;
  // The uniform number is a whole multiple of 2^-24, so it is below p just when its count is below p * 2^24
  // rounded up. A double holds that product exactly.
  float parameters[3] = {(float)ceil(launch->attributes.numbers[0] * 0x1p24), (float)launch->attributes.numbers[1]};
  ck_generate_random(launch, begin, end, parameters, ck_bernoulli);
}

#endif
