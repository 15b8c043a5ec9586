// Which weights dropout keeps: the bits of `bernoulli_f32`, drawn again wherever they are needed.
#ifndef CK_ATTENTION_KEPT_H
#define CK_ATTENTION_KEPT_H

/// Writes to `kept` a byte, 1 or 0, for each of the elements from `first` rounded down to a multiple of 4 on, as many
/// as it takes to have those from `first` to `first + count`. `bound` of the 2^24 counts keep an element.
CK_INLINE void attention_draw(uint64_t seed, uint64_t stream, float bound, int64_t first, int64_t count,
                              uint8_t kept[CK_ATTENTION_KEPT_BYTES]) {
  const vf32 limit = vf32_set1(bound), one = vf32_set1(1);
  const int64_t covered = first % 4 + count;
  for (int64_t done = 0; done < covered; done += 4 * VF32_LANES) {
    const ck_philox_words words = ck_philox(seed, stream, (uint64_t)((first + done) / 4));
    vf32 e[4];
#pragma clang loop unroll(full)
    for (int w = 0; w < 4; w++) {
      e[w] = vf32_select(vf32_lt(ck_upper_24_bits(words.word[w]), limit), one, vf32_zero());
    }
    // Two rounds of zipping bring the four elements of a block side by side.
    const vf32 low02 = vf32_zip_low(e[0], e[2]), high02 = vf32_zip_high(e[0], e[2]);
    const vf32 low13 = vf32_zip_low(e[1], e[3]), high13 = vf32_zip_high(e[1], e[3]);
    const vf32 in_order[4] = {vf32_zip_low(low02, low13), vf32_zip_high(low02, low13), vf32_zip_low(high02, high13),
                              vf32_zip_high(high02, high13)};
#pragma clang loop unroll(full)
    for (int v = 0; v < 4; v++) {
      vm32_store_bytes(kept + done + v * VF32_LANES, vf32_ne(in_order[v], vf32_zero()));
    }
  }
}
_Static_assert(CK_ATTENTION_KEPT_BYTES >= CK_ATTENTION_KEYS + 3 + 4 * VF32_LANES,
               "the last blocks that are drawn have room");

#endif
