// Philox 4x32 with ten rounds (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3",
// 2011): a keyed bijection of 128-bit counters, so that any block of the sequence is computed on its own.
#ifndef CK_RANDOM_PHILOX_H
#define CK_RANDOM_PHILOX_H

/// The four words of VF32_LANES consecutive blocks, block by lane.
typedef struct ck_philox_words {
  vi32 word[4];
} ck_philox_words;

/// The blocks from `block` on. The counter is the block's number in the lower 64 bits and `stream` in the upper.
CK_INLINE ck_philox_words ck_philox(uint64_t seed, uint64_t stream, uint64_t block) {
  // Adding the lane to the low word carries into the high one where the sum wraps.
  uint32_t low[VF32_LANES], high[VF32_LANES];
  for (int lane = 0; lane < VF32_LANES; lane++) {
    low[lane] = (uint32_t)(block + (uint64_t)lane);
    high[lane] = (uint32_t)((block + (uint64_t)lane) >> 32);
  }
  vi32 c0 = vi32_load((const int32_t *)low), c1 = vi32_load((const int32_t *)high);
  vi32 c2 = vi32_set1((int32_t)(uint32_t)stream), c3 = vi32_set1((int32_t)(uint32_t)(stream >> 32));
  uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
  vi32 m0 = vi32_set1((int32_t)0xD2511F53u), m1 = vi32_set1((int32_t)0xCD9E8D57u);
#pragma clang loop unroll(full)
  for (int round = 0; round < 10; round++) {
    vi32 high0 = vi32_mul_high_unsigned(m0, c0), low0 = vi32_mul(m0, c0);
    vi32 high1 = vi32_mul_high_unsigned(m1, c2), low1 = vi32_mul(m1, c2);
    c0 = vi32_xor(vi32_xor(high1, c1), vi32_set1((int32_t)k0));
    c2 = vi32_xor(vi32_xor(high0, c3), vi32_set1((int32_t)k1));
    c1 = low1;
    c3 = low0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return (ck_philox_words){{c0, c1, c2, c3}};
}

/// The upper 24 bits of each lane, as a float from 0 to 2^24 - 1. Exact.
CK_INLINE vf32 ck_upper_24_bits(vi32 word) { return vi32_to_vf32(vi32_shift_right_logical(word, 8)); }

#endif
