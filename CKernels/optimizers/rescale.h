// Changing all elements of many parameters by one number. Included for each floating-point type by optimizers.h.

#define segment_for_vectors CK_OF_DTYPE(segment_for_vectors)
CK_INLINE void segment_for_vectors(const ck_launch *launch, int64_t begin, int64_t end, vf (*change)(vf, vf)) {
  const vf number = vf_set1((real)launch->attributes.numbers[0]);
  ck_segments segments = ck_segments_in(launch, &launch->operands[0], begin, end);
  ck_segment segment;
  while (ck_next_segment(&segments, &segment)) {
    stored *p = (stored *)segment.parameter->values + segment.offset;
    int64_t i = 0;
    for (; i + VF_LANES <= segment.count; i += VF_LANES) {
      vf_store_stored(p + i, change(vf_load_stored(p + i), number));
    }
    int64_t rest = segment.count - i;
    if (rest > 0) vf_store_stored_first(p + i, change(vf_load_stored_first(p + i, rest), number), rest);
  }
}

#define segment_clamped CK_OF_DTYPE(segment_clamped)
CK_INLINE vf segment_clamped(vf x, vf bound) { return vf_min_nan(vf_max_nan(x, vf_neg(bound)), bound); }

/// Multiplies the `values` of parameters given as `ck_parameter` by numbers[0]. integers[0]: the number of parameters.
/// NaN spreads; one rounding.
CK_TILE(segment_scale, CK_DTYPE) {
  (void)scratch;
  segment_for_vectors(launch, begin, end, vf_mul);
}

/// Brings the `values` of parameters given as `ck_parameter` between -numbers[0] and numbers[0], which is not negative.
/// integers[0]: the number of parameters. NaN stays; exact but for the rounding of the bound to an element.
CK_TILE(segment_clamp, CK_DTYPE) {
  (void)scratch;
  segment_for_vectors(launch, begin, end, segment_clamped);
}
