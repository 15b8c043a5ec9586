// Pairwise combination of a stream of vectors in little memory.
#ifndef CK_REDUCTIONS_CASCADE_H
#define CK_REDUCTIONS_CASCADE_H

#include "combine.h"

enum { REDUCE_LEVELS = 48 };

/// Partial results of a stream, as a binary counter: where bit *l* of `count` is set, level *l* combines
/// 2^l consecutive vectors. Every vector so passes through as many roundings as the count has bits, and the
/// error of a sum grows with the logarithm of its length.
typedef struct reduce_cascade {
  int64_t count;
  vf32 levels[REDUCE_LEVELS];
} reduce_cascade;

/// Empties the cascade. Levels are written before they are read: an initializer would fill kilobytes with zeros.
CK_INLINE void reduce_cascade_start(reduce_cascade *cascade) { cascade->count = 0; }

CK_INLINE void reduce_cascade_push(reduce_op op, reduce_cascade *cascade, vf32 v) {
  int64_t carry = cascade->count++;
  int level = 0;
  for (; carry & 1; carry >>= 1, level++) v = reduce_combine_f32(op, cascade->levels[level], v);
  cascade->levels[level] = v;
}

CK_INLINE vf32 reduce_cascade_finish(reduce_op op, const reduce_cascade *cascade) {
  if (cascade->count == 0) return reduce_identity_f32(op);
  int level = __builtin_ctzll((uint64_t)cascade->count);
  vf32 total = cascade->levels[level++];
  for (int64_t rest = cascade->count >> level; rest != 0; rest >>= 1, level++) {
    if (rest & 1) total = reduce_combine_f32(op, cascade->levels[level], total);
  }
  return total;
}

#endif
