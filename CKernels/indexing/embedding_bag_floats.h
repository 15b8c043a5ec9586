// The kernels on bags of rows. Included for each floating-point type by indexing/embedding_bag.h.

/// The first n lanes at p, whole vectors without a mask.
#define bag_load CK_OF_DTYPE(ck_bag_load)
CK_INLINE vf bag_load(const stored *p, int64_t n) {
  return n == VF_LANES ? vf_load_stored(p) : vf_load_stored_first(p, n);
}

/// Of a bag's rows between `from` and `to`, the sum in the order of the indices, each row times its weight if there are
/// weights, over the mean's count if it is one; or the maxima, and in `places` the rows that they are of. Writes up to
/// CK_BAG_VECTORS vectors, of `count` elements.
#define bag_columns CK_OF_DTYPE(ck_bag_columns)
CK_APART void bag_columns(stored *out, int64_t *places, const stored *table, int64_t row_stride, const int64_t *indices,
                          const stored *weights, int64_t from, int64_t to, int64_t padding, int64_t mode, int64_t count) {
  vf sums[CK_BAG_VECTORS];
  vi best[CK_BAG_VECTORS];
  int64_t lanes[CK_BAG_VECTORS], used = 0;
#pragma clang loop unroll(full)
  for (int v = 0; v < CK_BAG_VECTORS; v++) {
    sums[v] = vf_zero();
    best[v] = vi_set1(-1);
    const int64_t left = count - v * VF_LANES;
    lanes[v] = left < 0 ? 0 : left < VF_LANES ? left : VF_LANES;
  }
  for (int64_t j = from; j < to; j++) {
    if (indices[j] == padding) continue;
    const stored *row = table + indices[j] * row_stride;
    if (mode == CK_BAG_MAX) {
      const vi place = vi_set1((integer)(j - from));
#pragma clang loop unroll(full)
      for (int v = 0; v < CK_BAG_VECTORS; v++) {
        if (lanes[v] == 0) break;
        vf x = bag_load(row + v * VF_LANES, lanes[v]);
        vm better = used == 0 ? vf_eq(vf_zero(), vf_zero())
                              : vm_or(vf_gt(x, sums[v]), vm_andnot(vf_is_nan(sums[v]), vf_is_nan(x)));
        sums[v] = vf_select(better, x, sums[v]);
        best[v] = vi_select(better, place, best[v]);
      }
    } else {
      const vf weight = weights ? vf_set1(real_of_stored(weights[j])) : vf_set1(1);
#pragma clang loop unroll(full)
      for (int v = 0; v < CK_BAG_VECTORS; v++) {
        if (lanes[v] == 0) break;
        sums[v] = vf_fma(weight, bag_load(row + v * VF_LANES, lanes[v]), sums[v]);
      }
    }
    used++;
  }
#pragma clang loop unroll(full)
  for (int v = 0; v < CK_BAG_VECTORS; v++) {
    if (lanes[v] == 0) break;
    if (mode == CK_BAG_MEAN && used > 0) sums[v] = vf_div(sums[v], vf_set1((real)used));
    vf_store_stored_first(out + v * VF_LANES, sums[v], lanes[v]);
    if (places) {
      integer chosen[VF_LANES];
      vi_store(chosen, best[v]);
      for (int64_t i = 0; i < lanes[v]; i++) {
        places[v * VF_LANES + i] = chosen[i] < 0 ? -1 : indices[from + chosen[i]];
      }
    }
  }
}

/// Items are bags. Operands out, places (int64, of out's shape, both without gaps; NULL but for maxima: the rows that they
/// are of, -1 in a bag without any), table (strides[0] from row to row), indices, offsets, weights (as the indices; NULL
/// for ones). integers[0] is how: CK_BAG_SUM, CK_BAG_MEAN or CK_BAG_MAX. A bag without rows gives zeros. Of equal maxima
/// the first counts, and NaN exceeds all. Error: one rounding for each addition, and one for the mean.
CK_TILE(embedding_bag, CK_DTYPE) {
  (void)scratch;
  const int64_t features = launch->shape[1];
  const int64_t *indices = launch->operands[3].data, *offsets = launch->operands[4].data;
  for (int64_t bag = begin; bag < end; bag++) {
    for (int64_t first = 0; first < features; first += CK_BAG_VECTORS * VF_LANES) {
      const int64_t left = features - first, most = CK_BAG_VECTORS * VF_LANES, place = bag * features + first;
      bag_columns((stored *)launch->operands[0].data + place,
                  launch->operands[1].data ? (int64_t *)launch->operands[1].data + place : NULL,
                  (const stored *)launch->operands[2].data + first, launch->operands[2].strides[0], indices,
                  launch->operands[5].data, offsets[bag], offsets[bag + 1], launch->attributes.integers[1],
                  launch->attributes.integers[0], left < most ? left : most);
    }
  }
}

/// table[index] += weight * gradient of its bag, for the indices in order, where the mean's weights are divided by its
/// count. Items are blocks of CK_BAG_COLUMNS columns, each with all bags: no two add to one element, and sums have the
/// order of the indices. Operands table (float32 where elements have 16 bits, without gaps), gradient (of shape {bags,
/// features}, without gaps), indices, offsets, weights (NULL for ones). integers[0] is CK_BAG_SUM or CK_BAG_MEAN. Error:
/// one rounding for each addition, and one for a weight that is divided.
CK_TILE(embedding_bag_backward, CK_DTYPE) {
  (void)scratch;
  const int64_t bags = launch->shape[0], features = launch->shape[1], padding = launch->attributes.integers[1];
  const int64_t *indices = launch->operands[2].data, *offsets = launch->operands[3].data;
  const stored *weights = launch->operands[4].data;
  const bool averages = launch->attributes.integers[0] == CK_BAG_MEAN;
  for (int64_t item = begin; item < end; item++) {
    const int64_t first = item * CK_BAG_COLUMNS, left = features - first;
    const int64_t columns = left < CK_BAG_COLUMNS ? left : CK_BAG_COLUMNS;
    real *table = (real *)launch->operands[0].data + first;
    const stored *gradient = (const stored *)launch->operands[1].data + first;
    for (int64_t bag = 0; bag < bags; bag++, gradient += features) {
      int64_t used = 0;
      for (int64_t j = offsets[bag]; averages && j < offsets[bag + 1]; j++) used += indices[j] != padding;
      for (int64_t j = offsets[bag]; j < offsets[bag + 1]; j++) {
        if (indices[j] == padding) continue;
        const real given = weights ? real_of_stored(weights[j]) : 1;
        const vf weight = vf_set1(averages ? given / (real)used : given);
        real *to = table + indices[j] * features;
        for (int64_t c = 0; c < columns; c += VF_LANES) {
          const int64_t n = columns - c < VF_LANES ? columns - c : VF_LANES;
          vf sum = vf_fma(weight, bag_load(gradient + c, n), n == VF_LANES ? vf_load(to + c) : vf_load_first(to + c, n));
          n == VF_LANES ? vf_store(to + c, sum) : vf_store_first(to + c, sum, n);
        }
      }
    }
  }
}

/// The gradient of the weights: that of the bag times the row that the index names, summed over the features. Items are
/// bags. Operands out (as the indices), gradient (of shape {bags, features}, without gaps), table (strides[0] from row to
/// row), indices, offsets. Padding gets 0. Error: features * 2^-24 of the sum of magnitudes; in float64 2^-53.
CK_TILE(embedding_bag_weights_backward, CK_DTYPE) {
  (void)scratch;
  const int64_t features = launch->shape[1];
  const int64_t *indices = launch->operands[3].data, *offsets = launch->operands[4].data;
  stored *out = launch->operands[0].data;
  for (int64_t bag = begin; bag < end; bag++) {
    const stored *gradient = (const stored *)launch->operands[1].data + bag * features;
    for (int64_t j = offsets[bag]; j < offsets[bag + 1]; j++) {
      vf even = vf_zero(), odd = vf_zero();
      if (indices[j] != launch->attributes.integers[1]) {
        const stored *row = (const stored *)launch->operands[2].data + indices[j] * launch->operands[2].strides[0];
        int64_t c = 0;
        for (; c + 2 * VF_LANES <= features; c += 2 * VF_LANES) {
          even = vf_fma(vf_load_stored(gradient + c), vf_load_stored(row + c), even);
          odd = vf_fma(vf_load_stored(gradient + c + VF_LANES), vf_load_stored(row + c + VF_LANES), odd);
        }
        for (; c < features; c += VF_LANES) {
          const int64_t n = features - c < VF_LANES ? features - c : VF_LANES;
          even = vf_fma(bag_load(gradient + c, n), bag_load(row + c, n), even);
        }
      }
      out[j] = stored_of_f64((double)vf_reduce_add(vf_add(even, odd)));
    }
  }
}
