// Adding to indexed slices of floats. Included for each floating-point type by indexing/index_add.h.

/// out[o, index[j], i] += src[o, j, i], for j in order. The shape is {outer, count, inner}; items are
/// outer * ceil(inner / 64): each owns up to 64 columns of every slice, so that no two ever add to one
/// element, and an element's additions have the order of the index.
/// Operands out (strides[1] is the step along the indexed axis), src, index (strides[1]).
/// 16-bit elements are added up, and the output holds them, as float32: they are rounded when the sums are complete.
/// Error: one rounding for each addition. NaN: propagates to the elements it is added to.
CK_TILE(index_add, CK_DTYPE) {
  (void)scratch;
  if (begin >= end) return;
  const ck_operand *out = &launch->operands[0], *src = &launch->operands[1], *index = &launch->operands[2];
  int64_t count = launch->shape[1], inner = launch->shape[2], extent = launch->attributes.integers[0];
  int64_t blocks = (inner + INDEX_ADD_COLUMNS - 1) / INDEX_ADD_COLUMNS;
  const int64_t *indices = index->data;
  for (int64_t item = begin; item < end; item++) {
    int64_t o = item / blocks, first = item % blocks * INDEX_ADD_COLUMNS;
    int64_t columns = inner - first < INDEX_ADD_COLUMNS ? inner - first : INDEX_ADD_COLUMNS;
    real *out_base = (real *)out->data + o * out->strides[0] + first * out->strides[2];
    const stored *src_base = (const stored *)src->data + o * src->strides[0] + first * src->strides[2];
    for (int64_t j = 0; j < count; j++) {
      int64_t place = index_resolve(indices[j * index->strides[1]], extent);
      real *to = out_base + place * out->strides[1];
      const stored *from = src_base + j * src->strides[1];
      if (columns == 1) {
        // A masked store is not forwarded to the next load of the same element.
        *to += real_of_stored(*from);
        continue;
      }
      for (int64_t c = 0; c < columns; c += VF_LANES) {
        int64_t lanes = columns - c < VF_LANES ? columns - c : VF_LANES;
        real *p = to + c * out->strides[2];
        vf added = vf_load_any(from + c * src->strides[2], src->strides[2], lanes);
        CK_VF(store_any)(p, out->strides[2], vf_add(CK_VF(load_any)(p, out->strides[2], lanes), added), lanes);
      }
    }
  }
}
