// Pairwise combination of a stream of vectors in little memory.
// Included for float32 and float64 by reductions.h.

/// Partial results of a stream, as a binary counter: where bit *l* of `count` is set, level *l* combines
/// 2^l consecutive vectors. Every vector so passes through as many roundings as the count has bits, and the
/// error of a sum grows with the logarithm of its length.
#define reduce_cascade CK_OF_REAL(reduce_cascade)
typedef struct reduce_cascade {
  int64_t count;
  vf levels[REDUCE_LEVELS];
} reduce_cascade;

/// Empties the cascade. Levels are written before they are read: an initializer would fill kilobytes with zeros.
#define reduce_cascade_start CK_OF_REAL(reduce_cascade_start)
CK_INLINE void reduce_cascade_start(reduce_cascade *cascade) { cascade->count = 0; }

#define reduce_cascade_push CK_OF_REAL(reduce_cascade_push)
CK_INLINE void reduce_cascade_push(reduce_op op, reduce_cascade *cascade, vf v) {
  int64_t carry = cascade->count++;
  int level = 0;
  for (; carry & 1; carry >>= 1, level++) v = reduce_combine(op, cascade->levels[level], v);
  cascade->levels[level] = v;
}

#define reduce_cascade_finish CK_OF_REAL(reduce_cascade_finish)
CK_INLINE vf reduce_cascade_finish(reduce_op op, const reduce_cascade *cascade) {
  if (cascade->count == 0) return reduce_identity(op);
  int level = __builtin_ctzll((uint64_t)cascade->count);
  vf total = cascade->levels[level++];
  for (int64_t rest = cascade->count >> level; rest != 0; rest >>= 1, level++) {
    if (rest & 1) total = reduce_combine(op, cascade->levels[level], total);
  }
  return total;
}
