// Products of floats. Included for float32 and float64 by reductions.h.

/// The product of each part. An empty part gives 1. Error: one rounding for each element. NaN: a NaN, or a 0 together
/// with an infinity, gives NaN.
CK_TILE(product, CK_DTYPE) {
  (void)scratch;
  reduce_items(REDUCE_PRODUCT, launch, begin, end);
}
