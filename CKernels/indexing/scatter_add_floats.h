// Adding to indexed elements of floats. Included for each floating-point type by indexing/scatter_add.h.

/// out[r, index[r, j]] += src[r, j], for j in order. The shape is [other dimensions..., n], the indexed axis
/// last; items are rows. Operands out (stride 0 along the last dimension; integers[1] is its step along the
/// indexed axis), src, index. A row is serial, since two of its indices may be equal: the additions to an
/// element have the order of the row.
/// 16-bit elements are added up, and the output holds them, as float32: they are rounded when the sums are complete.
/// Error: one rounding for each addition. NaN: propagates to the elements it is added to.
CK_TILE(scatter_add, CK_DTYPE) {
  (void)scratch;
  if (begin >= end) return;
  int32_t last = launch->rank - 1;
  int64_t n = launch->shape[last];
  int64_t extent = launch->attributes.integers[0], axis_stride = launch->attributes.integers[1];
  int64_t src_stride = launch->operands[1].strides[last], index_stride = launch->operands[2].strides[last];
  index_rows rows = index_rows_at(launch, begin);
  for (int64_t row = begin; row < end; row++) {
    real *out = (real *)launch->operands[0].data + rows.offsets[0];
    const stored *src = (const stored *)launch->operands[1].data + rows.offsets[1];
    const int64_t *index = (const int64_t *)launch->operands[2].data + rows.offsets[2];
    for (int64_t j = 0; j < n; j++) {
      out[index_resolve(index[j * index_stride], extent) * axis_stride] += real_of_stored(src[j * src_stride]);
    }
    index_rows_next(&rows);
  }
}
