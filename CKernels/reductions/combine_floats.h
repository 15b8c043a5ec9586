// The operation of a reduction on vectors. Included for float32 and float64 by reductions.h.

/// What leaves the other operand of the operation unchanged.
#define reduce_identity CK_OF_REAL(reduce_identity)
CK_INLINE vf reduce_identity(reduce_op op) {
  if (reduce_adds(op)) return vf_zero();
  if (op == REDUCE_PRODUCT) return vf_set1(1);
  return vf_set1((real)(op == REDUCE_MAX ? -INFINITY : INFINITY));
}

/// Two results combined, lane by lane. A NaN in either operand gives NaN.
#define reduce_combine CK_OF_REAL(reduce_combine)
CK_INLINE vf reduce_combine(reduce_op op, vf a, vf b) {
  if (reduce_adds(op)) return vf_add(a, b);
  if (op == REDUCE_PRODUCT) return vf_mul(a, b);
  return op == REDUCE_MAX ? vf_max_nan(a, b) : vf_min_nan(a, b);
}

/// A result combined with an element, lane by lane. `center` matters to `REDUCE_SQUARES` alone.
#define reduce_element CK_OF_REAL(reduce_element)
CK_INLINE vf reduce_element(reduce_op op, vf result, vf element, vf center) {
  if (op != REDUCE_SQUARES) return reduce_combine(op, result, element);
  vf distance = vf_sub(element, center);
  return vf_fma(distance, distance, result);
}

/// Two elements combined to a result, lane by lane.
#define reduce_pair CK_OF_REAL(reduce_pair)
CK_INLINE vf reduce_pair(reduce_op op, vf a, vf b, vf center) {
  if (op != REDUCE_SQUARES) return reduce_combine(op, a, b);
  vf distance = vf_sub(a, center);
  return reduce_element(op, vf_mul(distance, distance), b, center);
}

/// The operation over the lanes of one vector of results. A NaN in any lane gives NaN.
#define reduce_across CK_OF_REAL(reduce_across)
CK_INLINE real reduce_across(reduce_op op, vf v) {
  if (reduce_adds(op)) return vf_reduce_add(v);
  if (op == REDUCE_PRODUCT) {
    real lanes[VF_LANES];
    vf_store(lanes, v);
    for (int step = VF_LANES / 2; step > 0; step /= 2) {
      for (int i = 0; i < step; i++) lanes[i] *= lanes[i + step];
    }
    return lanes[0];
  }
  if (vm_any(vf_is_nan(v))) return (real)NAN;
  return op == REDUCE_MAX ? vf_reduce_max(v) : vf_reduce_min(v);
}
