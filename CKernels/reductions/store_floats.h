// Storing results of reductions. Included for each floating-point type by reductions.h.

/// Stores the result of output `item`: sums as what is computed with, so that those of 16-bit elements are not rounded
/// before they are complete, and extrema, which are exact, as elements.
#define reduce_store CK_OF_DTYPE(reduce_store)
CK_INLINE void reduce_store(reduce_op op, void *out, int64_t item, real result) {
  if (reduce_adds(op)) {
    ((real *)out)[item] = result;
  } else {
    ((stored *)out)[item] = stored_of_f64((double)result);
  }
}

/// Stores the results of the outputs from `item` on in the first `lanes` lanes.
#define reduce_store_lanes CK_OF_DTYPE(reduce_store_lanes)
CK_INLINE void reduce_store_lanes(reduce_op op, void *out, int64_t item, vf results, int64_t lanes) {
  if (reduce_adds(op)) {
    vf_store_first((real *)out + item, results, lanes);
  } else {
    vf_store_stored_first((stored *)out + item, results, lanes);
  }
}
