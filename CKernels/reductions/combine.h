// The operation of a reduction, on scalars and on vectors.
#ifndef CK_REDUCTIONS_COMBINE_H
#define CK_REDUCTIONS_COMBINE_H

/// Always a constant where it is passed, so that the branches on it are gone from the compiled kernels.
typedef enum reduce_op {
  REDUCE_SUM,
  /// The sum of squared distances from a centre.
  REDUCE_SQUARES,
  REDUCE_MAX,
  REDUCE_MIN,
} reduce_op;

/// Whether results of the operation are added up.
CK_INLINE bool reduce_adds(reduce_op op) { return op == REDUCE_SUM || op == REDUCE_SQUARES; }

/// What leaves the other operand of the operation unchanged.
CK_INLINE vf32 reduce_identity_f32(reduce_op op) {
  if (reduce_adds(op)) return vf32_zero();
  return vf32_set1(op == REDUCE_MAX ? -INFINITY : INFINITY);
}

/// Two results combined, lane by lane. A NaN in either operand gives NaN.
CK_INLINE vf32 reduce_combine_f32(reduce_op op, vf32 a, vf32 b) {
  if (reduce_adds(op)) return vf32_add(a, b);
  return op == REDUCE_MAX ? vf32_max_nan(a, b) : vf32_min_nan(a, b);
}

/// A result combined with an element, lane by lane. `center` matters to `REDUCE_SQUARES` alone.
CK_INLINE vf32 reduce_element_f32(reduce_op op, vf32 result, vf32 element, vf32 center) {
  if (op != REDUCE_SQUARES) return reduce_combine_f32(op, result, element);
  vf32 distance = vf32_sub(element, center);
  return vf32_fma(distance, distance, result);
}

/// The element that leaves every result unchanged.
CK_INLINE vf32 reduce_neutral_f32(reduce_op op, vf32 center) {
  return op == REDUCE_SQUARES ? center : reduce_identity_f32(op);
}

/// Two elements combined to a result, lane by lane.
CK_INLINE vf32 reduce_pair_f32(reduce_op op, vf32 a, vf32 b, vf32 center) {
  if (op != REDUCE_SQUARES) return reduce_combine_f32(op, a, b);
  vf32 distance = vf32_sub(a, center);
  return reduce_element_f32(op, vf32_mul(distance, distance), b, center);
}

/// The operation over the lanes of one vector of results. A NaN in any lane gives NaN.
CK_INLINE float reduce_across_f32(reduce_op op, vf32 v) {
  if (reduce_adds(op)) return vf32_reduce_add(v);
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
