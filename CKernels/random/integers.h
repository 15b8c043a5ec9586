// Random integers and orders, from 64 random bits each.
#ifndef CK_RANDOM_INTEGERS_H
#define CK_RANDOM_INTEGERS_H

#include "philox.h"

enum {
  /// Numbers of 64 bits in a batch of blocks.
  CK_BITS_BATCH = 2 * VF32_LANES,
};

/// The numbers of 64 bits from `first` on, a multiple of CK_BITS_BATCH: two of each block, high words first.
CK_INLINE void ck_random_bits(uint64_t seed, uint64_t stream, int64_t first, uint64_t bits[CK_BITS_BATCH]) {
  ck_philox_words words = ck_philox(seed, stream, (uint64_t)(first / 2));
  uint32_t lanes[4][VF32_LANES];
  for (int w = 0; w < 4; w++) vi32_store((int32_t *)lanes[w], words.word[w]);
  for (int lane = 0; lane < VF32_LANES; lane++) {
    bits[2 * lane] = (uint64_t)lanes[0][lane] << 32 | lanes[1][lane];
    bits[2 * lane + 1] = (uint64_t)lanes[2][lane] << 32 | lanes[3][lane];
  }
}

__extension__ typedef unsigned __int128 ck_u128;

/// A number below `bound`, each as likely as any other, from 64 random bits; a bound of 0 stands for 2^64. Lemire,
/// "Fast random integer generation in an interval" (2019): the upper half of the product, unless the lower one is among
/// the few values that some results would have more of. Then the bits are drawn anew, for the `attempt`th time from
/// block `place` of a stream that differs in its upper 16 bits.
CK_INLINE uint64_t ck_below(uint64_t bound, uint64_t bits, uint64_t seed, uint64_t stream, uint64_t place) {
  if (bound == 0) return bits;
  for (uint64_t attempt = 1;; attempt++) {
    ck_u128 product = (ck_u128)bits * bound;
    uint64_t low = (uint64_t)product;
    // What is rejected is less than half of all, so that no machine gets to the last attempt.
    if (low >= bound || low >= (0 - bound) % bound || attempt > 0xffff) return (uint64_t)(product >> 64);
    ck_philox_words words = ck_philox(seed, stream ^ attempt << 48, place);
    uint32_t high_lanes[VF32_LANES], low_lanes[VF32_LANES];
    vi32_store((int32_t *)high_lanes, words.word[0]);
    vi32_store((int32_t *)low_lanes, words.word[1]);
    bits = (uint64_t)high_lanes[0] << 32 | low_lanes[0];
  }
}

/// Integers from integers[2] on, of which there are integers[3] to choose from; 0 stands for 2^64. All ISAs give the
/// same.
CK_TILE(random_integers, i64) {
  (void)scratch;
  int64_t *out = launch->operands[0].data;
  const int64_t *integers = launch->attributes.integers;
  uint64_t seed = (uint64_t)integers[0], stream = (uint64_t)integers[1], bound = (uint64_t)integers[3];
  for (int64_t batch = begin / CK_BITS_BATCH * CK_BITS_BATCH; batch < end; batch += CK_BITS_BATCH) {
    uint64_t bits[CK_BITS_BATCH];
    ck_random_bits(seed, stream, batch, bits);
    int64_t from = batch < begin ? begin : batch, to = end - batch < CK_BITS_BATCH ? end : batch + CK_BITS_BATCH;
    for (int64_t i = from; i < to; i++) {
      out[i] = (int64_t)((uint64_t)integers[2] + ck_below(bound, bits[i - batch], seed, stream, (uint64_t)i));
    }
  }
}

/// The numbers 0 ..< shape[0] in a random order, each order as likely as any other: the shuffle of Fisher and Yates
/// from the last place down, which swaps place i with a random one up to it. There is one item: each swap needs those
/// before it. All ISAs give the same.
CK_TILE(permutation, i64) {
  (void)scratch;
  if (begin >= end) return;
  int64_t n = launch->shape[0];
  int64_t *out = launch->operands[0].data;
  uint64_t seed = (uint64_t)launch->attributes.integers[0], stream = (uint64_t)launch->attributes.integers[1];
  for (int64_t i = 0; i < n; i++) out[i] = i;
  uint64_t bits[CK_BITS_BATCH];
  for (int64_t drawn = 0; drawn < n - 1; drawn++) {
    int64_t last = n - 1 - drawn;
    if (drawn % CK_BITS_BATCH == 0) ck_random_bits(seed, stream, drawn, bits);
    uint64_t place = ck_below((uint64_t)last + 1, bits[drawn % CK_BITS_BATCH], seed, stream, (uint64_t)drawn);
    int64_t moved = out[last];
    out[last] = out[place];
    out[place] = moved;
  }
}

#endif
