// Uniform, normal and Bernoulli numbers of float32 from blocks of four random words.
#ifndef CK_RANDOM_DISTRIBUTIONS_H
#define CK_RANDOM_DISTRIBUTIONS_H

#include "../math/math.h"

/// Turns the words of VF32_LANES blocks into the four elements of each.
typedef void (*ck_distribution)(const float parameters[4], const ck_philox_words *words, vf32 element[4]);

/// Parameters: low, high - low, a factor of their sum, the greatest number allowed.
CK_INLINE void ck_uniform(const float parameters[4], const ck_philox_words *words, vf32 element[4]) {
  for (int w = 0; w < 4; w++) {
    vf32 u = vf32_mul(ck_upper_24_bits(words->word[w]), vf32_set1(0x1p-24f));
    // Not fused, so that every ISA rounds alike.
    vf32 x = vf32_add(vf32_set1(parameters[0]), vf32_mul(u, vf32_set1(parameters[1])));
    element[w] = vf32_min(vf32_mul(x, vf32_set1(parameters[2])), vf32_set1(parameters[3]));
  }
}

/// Box and Muller's transformation: words 0 and 1 give a radius and an angle, and so elements 0 (cosine) and
/// 1 (sine); words 2 and 3 likewise. Parameters: mean, standard deviation.
CK_INLINE void ck_normal(const float parameters[4], const ck_philox_words *words, vf32 element[4]) {
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
CK_INLINE void ck_bernoulli(const float parameters[4], const ck_philox_words *words, vf32 element[4]) {
  vf32 bound = vf32_set1(parameters[0]), value = vf32_set1(parameters[1]);
  for (int w = 0; w < 4; w++) {
    element[w] = vf32_select(vf32_lt(ck_upper_24_bits(words->word[w]), bound), value, vf32_zero());
  }
}

#endif
