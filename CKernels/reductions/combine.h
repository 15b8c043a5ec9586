// The operation of a reduction, on scalars and on vectors.
#ifndef CK_REDUCTIONS_COMBINE_H
#define CK_REDUCTIONS_COMBINE_H

/// Always a constant where it is passed, so that the branches on it are gone from the compiled kernels.
typedef enum reduce_op { REDUCE_SUM, REDUCE_MAX, REDUCE_MIN } reduce_op;

/// What leaves the other operand of the operation unchanged.
CK_INLINE vf32 reduce_identity_f32(reduce_op op) {
  if (op == REDUCE_SUM) return vf32_zero();
  return vf32_set1(op == REDUCE_MAX ? -INFINITY : INFINITY);
}

/// The operation, lane by lane. A NaN in either operand gives NaN.
CK_INLINE vf32 reduce_combine_f32(reduce_op op, vf32 a, vf32 b) {
  if (op == REDUCE_SUM) return vf32_add(a, b);
  return op == REDUCE_MAX ? vf32_max_nan(a, b) : vf32_min_nan(a, b);
}

/// The operation over the lanes of one vector. A NaN in any lane gives NaN.
CK_INLINE float reduce_across_f32(reduce_op op, vf32 v) {
  if (op == REDUCE_SUM) return vf32_reduce_add(v);
  if (vm32_any(vf32_is_nan(v))) return NAN;
  return op == REDUCE_MAX ? vf32_reduce_max(v) : vf32_reduce_min(v);
}

CK_INLINE int64_t reduce_identity_i64(reduce_op op) {
  if (op == REDUCE_SUM) return 0;
  return op == REDUCE_MAX ? INT64_MIN : INT64_MAX;
}

/// The operation on integers; sums wrap.
CK_INLINE int64_t reduce_combine_i64(reduce_op op, int64_t a, int64_t b) {
  if (op == REDUCE_SUM) return (int64_t)((uint64_t)a + (uint64_t)b);
  if (op == REDUCE_MAX) return a > b ? a : b;
  return a < b ? a : b;
}

#endif
