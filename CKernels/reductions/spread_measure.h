// A second look at the spread of floats about their mean. Included for the floating-point types of reductions and of rows.
//
// Plain sums are enough for nearly all elements. The second look is for those whose squares overflow or vanish, and
// for those that differ by little more than their mean is rounded: it divides them by a power of two, takes the mean
// of distances from the first one, which are 0 if all are equal, and corrects for what that mean is rounded by (Chan,
// Golub and LeVeque, "Algorithms for Computing the Sample Variance", 1983).

/// Vectors that are added up one after the other.
#define spread_block (16 * VF_LANES)

/// The next `count` elements, at most `spread_block`, side by side: where they lie, or in `buffer`. Moves `cursor` past
/// them.
#define spread_next CK_OF_DTYPE(spread_next)
CK_INLINE const stored *spread_next(stored *buffer, const stored *base, const ck_space *space, ck_cursor *cursor,
                                    int64_t count) {
  if (space->rank == 1 && space->strides[0] == 1) {
    const stored *elements = base + cursor->offset;
    ck_cursor_advance(space, cursor, count);
    return elements;
  }
  reduce_gather(buffer, base, space, cursor, count);
  return buffer;
}

/// The largest magnitude; NaN if any element is.
#define spread_magnitude CK_OF_DTYPE(spread_magnitude)
CK_INLINE real spread_magnitude(const stored *base, const ck_space *space) {
  stored buffer[spread_block];
  ck_cursor cursor = ck_cursor_at(space, 0);
  vf most = vf_zero();
  for (int64_t first = 0; first < space->count; first += spread_block) {
    int64_t length = space->count - first < spread_block ? space->count - first : spread_block;
    const stored *p = spread_next(buffer, base, space, &cursor, length);
    for (int64_t i = 0; i < length; i += VF_LANES) {
      vf v = length - i >= VF_LANES ? vf_load_stored(p + i) : vf_load_stored_first(p + i, length - i);
      most = vf_max_nan(most, vf_abs(v));
    }
  }
  return reduce_across(REDUCE_MAX, most);
}

/// The sums of the distances of the elements, times `factor`, from `center`, and of their squares.
#define spread_distances CK_OF_DTYPE(spread_distances)
CK_INLINE void spread_distances(const stored *base, const ck_space *space, real factor, real center, double sums[2]) {
  stored buffer[spread_block];
  ck_cursor cursor = ck_cursor_at(space, 0);
  reduce_cascade distances, squares;
  reduce_cascade_start(&distances);
  reduce_cascade_start(&squares);
  for (int64_t first = 0; first < space->count; first += spread_block) {
    int64_t length = space->count - first < spread_block ? space->count - first : spread_block;
    const stored *p = spread_next(buffer, base, space, &cursor, length);
    vf distance_sum = vf_zero(), square_sum = vf_zero();
    for (int64_t i = 0; i < length; i += VF_LANES) {
      int64_t lanes = length - i >= VF_LANES ? VF_LANES : length - i;
      vf v = lanes == VF_LANES ? vf_load_stored(p + i) : vf_load_stored_first(p + i, lanes);
      vf distance = vf_sub(vf_mul(v, vf_set1(factor)), vf_set1(center));
      distance = vf_select(vm_first(lanes), distance, vf_zero());
      distance_sum = vf_add(distance_sum, distance);
      square_sum = vf_fma(distance, distance, square_sum);
    }
    reduce_cascade_push(REDUCE_SUM, &distances, distance_sum);
    reduce_cascade_push(REDUCE_SUM, &squares, square_sum);
  }
  sums[0] = (double)vf_reduce_add(reduce_cascade_finish(REDUCE_SUM, &distances));
  sums[1] = (double)vf_reduce_add(reduce_cascade_finish(REDUCE_SUM, &squares));
}

/// A second look at the elements of `space`, of which there are some: at their distances from 0 unless `centers`.
/// False, without a look, where there is nothing to be found: all are 0, or one is infinite or NaN.
#define spread_measure CK_OF_DTYPE(spread_measure)
__attribute__((noinline, unused)) static bool spread_measure(const stored *base, const ck_space *space, bool centers,
                                                             reduce_spread *spread) {
  real largest = spread_magnitude(base, space);
  if (!(largest > 0 && (double)largest < (double)INFINITY)) return false;
  int power;
  frexp((double)largest, &power);
  if (power > spread_largest_power) power = spread_largest_power;
  if (power < -spread_largest_power) power = -spread_largest_power;
  double unit = ldexp(1, power), n = (double)space->count, sums[2];
  real factor = (real)(1 / unit), center = 0;
  if (centers) {
    real origin = real_of_stored(base[0]) * factor;
    spread_distances(base, space, factor, origin, sums);
    center = (real)((double)origin + sums[0] / n);
  }
  spread_distances(base, space, factor, center, sums);
  double offset = centers ? sums[0] / n : 0;
  double mean_square = sums[1] / n - offset * offset;
  *spread = (reduce_spread){
      .center = (double)center * unit,
      .offset = offset * unit,
      .root = mean_square > 0 ? sqrt(mean_square) * unit : 0,
      .largest = (double)largest,
  };
  return true;
}
