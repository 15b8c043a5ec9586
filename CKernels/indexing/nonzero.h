// Finding the true elements of a mask.
//
// The mask is cut into parts of integers[0] elements each, the last shorter, which are the items of both kernels: the
// first counts, running sums of the counts say where each part's positions begin, and the second writes them. The cut
// follows from the length alone.
#ifndef CK_INDEXING_NONZERO_H
#define CK_INDEXING_NONZERO_H

#include "index.h"

/// Up to eight truth values, one a byte from the lowest on, as they lie in a little-endian machine's memory; `left` is
/// how many there are.
CK_INLINE uint64_t truth_word(const uint8_t *mask, int64_t left) {
  uint64_t word = 0;
  memcpy(&word, mask, left < 8 ? (size_t)left : 8);
  return word;
}

/// out[p] = how many elements of part p are true. The shape is {elements}; operands out, mask, both contiguous.
CK_TILE(count_true, bool) {
  (void)scratch;
  int64_t n = launch->shape[0], part = launch->attributes.integers[0];
  int64_t *out = launch->operands[0].data;
  const uint8_t *mask = launch->operands[1].data;
  for (int64_t item = begin; item < end; item++) {
    int64_t first = item * part, last = n - first < part ? n : first + part, total = 0;
    for (int64_t i = first; i < last; i += 8) total += __builtin_popcountll(truth_word(mask + i, last - i));
    out[item] = total;
  }
}

/// Writes the places of the true elements in ascending order. The shape is {elements, true elements}; operands out,
/// mask and the running sums of what `count_true` gives, all contiguous.
CK_TILE(nonzero, bool) {
  (void)scratch;
  int64_t n = launch->shape[0], part = launch->attributes.integers[0];
  int64_t *out = launch->operands[0].data;
  const uint8_t *mask = launch->operands[1].data;
  const int64_t *ends = launch->operands[2].data;
  for (int64_t item = begin; item < end; item++) {
    int64_t first = item * part, last = n - first < part ? n : first + part;
    int64_t *to = out + (item > 0 ? ends[item - 1] : 0);
    for (int64_t i = first; i < last; i += 8) {
      // Each round takes the lowest bit away.
      for (uint64_t word = truth_word(mask + i, last - i); word != 0; word &= word - 1) {
        *to++ = i + (__builtin_ctzll(word) >> 3);
      }
    }
  }
}

/// The place flat[i] of a row-major space as an index for each of its dimensions. The shape is {places, dimensions};
/// items are places. Operands out, flat, and the dimensions' sizes, all contiguous.
CK_TILE(unravel, i64) {
  (void)scratch;
  int64_t rank = launch->shape[1];
  const int64_t *flat = launch->operands[1].data, *sizes = launch->operands[2].data;
  for (int64_t item = begin; item < end; item++) {
    int64_t *out = (int64_t *)launch->operands[0].data + item * rank;
    int64_t left = flat[item];
    for (int64_t d = rank - 1; d >= 0; d--) {
      out[d] = left % sizes[d];
      left /= sizes[d];
    }
  }
}

#endif
