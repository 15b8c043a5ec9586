// The operation of a reduction, and what it does to integers.
#ifndef CK_REDUCTIONS_COMBINE_H
#define CK_REDUCTIONS_COMBINE_H

/// Always a constant where it is passed, so that the branches on it are gone from the compiled kernels.
typedef enum reduce_op {
  REDUCE_SUM,
  /// The sum of squared distances from a centre.
  REDUCE_SQUARES,
  REDUCE_MAX,
  REDUCE_MIN,
  REDUCE_PRODUCT,
} reduce_op;

/// Whether results of the operation are added up.
CK_INLINE bool reduce_adds(reduce_op op) { return op == REDUCE_SUM || op == REDUCE_SQUARES; }

CK_INLINE int64_t reduce_identity_i64(reduce_op op) {
  if (op == REDUCE_SUM) return 0;
  if (op == REDUCE_PRODUCT) return 1;
  return op == REDUCE_MAX ? INT64_MIN : INT64_MAX;
}

/// The operation on integers; sums and products wrap.
CK_INLINE int64_t reduce_combine_i64(reduce_op op, int64_t a, int64_t b) {
  if (op == REDUCE_SUM) return (int64_t)((uint64_t)a + (uint64_t)b);
  if (op == REDUCE_PRODUCT) return (int64_t)((uint64_t)a * (uint64_t)b);
  if (op == REDUCE_MAX) return a > b ? a : b;
  return a < b ? a : b;
}

#endif
