// Rows as sequences of vectors: one row after another, or a vector's worth of rows side by side.
//
// Included for float32 and float64 by rows.h.

/// What one step of a kernel works on. Along a row, vector *i* holds the elements i * LANES and on, and the
/// last one may be partial. Across rows, vector *i* holds element *i* of each row of the group.
typedef struct row_group {
  const ck_launch *launch;
  /// The rows still to be done, this group's included, and those of this group.
  int64_t remaining, rows;
  /// Whether lanes are rows. Otherwise they are elements, and the group is one row.
  bool across;
  /// Whether along-row lanes are contiguous for every operand that has the row's elements.
  bool contiguous;
  /// Full vectors, then partial ones and the number of lanes in each of these.
  int64_t full, partial, partial_lanes;
  /// Per operand the element that the group begins at, and the steps to the next lane and the next vector.
  int64_t offsets[CK_MAX_OPERANDS], lane_strides[CK_MAX_OPERANDS], vector_strides[CK_MAX_OPERANDS];
  /// The outer dimensions, without those of size one, innermost last.
  int32_t outer_rank;
  int32_t outer[CK_MAX_RANK];
  int64_t index[CK_MAX_RANK];
} row_group;

/// The step of operand `o` from one row of a group to the next.
CK_INLINE int64_t row_stride(const row_group *group, int o) {
  return group->outer_rank > 0 ? group->launch->operands[o].strides[group->outer[group->outer_rank - 1]] : 0;
}

/// Takes as many of the remaining rows into the group as fit in a vector and lie along one dimension.
CK_INLINE void row_group_take(row_group *group) {
  int64_t n = group->launch->shape[group->launch->rank - 1];
  if (!group->across) {
    group->rows = 1;
    group->full = n / VF_LANES;
    group->partial_lanes = n % VF_LANES;
    group->partial = group->partial_lanes != 0;
    return;
  }
  int32_t last = group->outer_rank - 1;
  int64_t rows = group->launch->shape[group->outer[last]] - group->index[last];
  if (rows > VF_LANES) rows = VF_LANES;
  if (rows > group->remaining) rows = group->remaining;
  group->rows = rows;
  group->full = rows == VF_LANES ? n : 0;
  group->partial = n - group->full;
  group->partial_lanes = rows;
}

/// The first group of the rows `begin ..< end`. `elements` has a bit for each operand that has an element for
/// each of the row's; the others have one for each row.
CK_INLINE row_group row_group_first(const ck_launch *launch, unsigned elements, int64_t begin, int64_t end) {
  row_group group = {.launch = launch, .remaining = end > begin ? end - begin : 0};
  int32_t inner = launch->rank - 1;
  int64_t n = launch->shape[inner];
  group.contiguous = true;
  for (int o = 0; o < launch->operand_count; o++) {
    if ((elements >> o & 1) && n > 1 && launch->operands[o].strides[inner] != 1) group.contiguous = false;
  }
  for (int32_t d = 0; d < inner; d++) {
    if (launch->shape[d] != 1) group.outer[group.outer_rank++] = d;
  }
  // Short rows leave most lanes of a vector idle and strided ones fill it slowly; then neighbouring rows do
  // better, if there are enough of them. Shapes and strides alone decide, so that any cut computes alike.
  // A row that is alone has none, not even where a vector of two lanes would be content with one.
  int64_t neighbours = group.outer_rank > 0 ? launch->shape[group.outer[group.outer_rank - 1]] : 0;
  group.across = (!group.contiguous || n < VF_LANES / 2) && neighbours >= VF_LANES / 2;
  for (int32_t d = group.outer_rank - 1; d >= 0 && group.remaining > 0; d--) {
    int64_t extent = launch->shape[group.outer[d]];
    group.index[d] = begin % extent;
    begin /= extent;
    for (int o = 0; o < launch->operand_count; o++) {
      group.offsets[o] += group.index[d] * launch->operands[o].strides[group.outer[d]];
    }
  }
  for (int o = 0; o < launch->operand_count; o++) {
    int64_t stride = launch->operands[o].strides[inner];
    group.lane_strides[o] = group.across ? row_stride(&group, o) : stride;
    group.vector_strides[o] = group.across ? stride : VF_LANES * stride;
  }
  if (group.remaining > 0) row_group_take(&group);
  return group;
}

/// Moves on to the next group.
CK_INLINE void row_group_next(row_group *group) {
  const ck_launch *launch = group->launch;
  group->remaining -= group->rows;
  if (group->remaining == 0) return;
  int32_t d = group->outer_rank - 1;
  group->index[d] += group->rows;
  for (int o = 0; o < launch->operand_count; o++) group->offsets[o] += group->rows * row_stride(group, o);
  while (group->index[d] == launch->shape[group->outer[d]]) {
    int32_t full = group->outer[d], next = group->outer[d - 1];
    for (int o = 0; o < launch->operand_count; o++) {
      const int64_t *strides = launch->operands[o].strides;
      group->offsets[o] += strides[next] - launch->shape[full] * strides[full];
    }
    group->index[d] = 0;
    group->index[--d]++;
  }
  row_group_take(group);
}

/// The group's elements of floating-point operand `o`, as vectors.
typedef struct row_vectors {
  real *data;
  int64_t lane_stride, vector_stride;
} row_vectors;

CK_INLINE real *row_start(const row_group *group, int o) {
  return (real *)group->launch->operands[o].data + group->offsets[o];
}

CK_INLINE row_vectors row_operand(const row_group *group, int o) {
  real *data = row_start(group, o);
  return (row_vectors){data, group->lane_strides[o], group->vector_strides[o]};
}

CK_INLINE vf row_load(row_vectors v, int64_t i, int64_t lanes) {
  return ck_load_lanes(v.data + i * v.vector_stride, v.lane_stride, lanes);
}

CK_INLINE void row_store(row_vectors v, int64_t i, int64_t lanes, vf value) {
  ck_store_lanes(v.data + i * v.vector_stride, v.lane_stride, lanes, value);
}

/// Whether a group's vectors are contiguous runs of a row.
CK_INLINE bool row_is_contiguous(const row_group *group) { return group->contiguous && !group->across; }

/// Goes through the groups of the rows `begin ..< end`, with one function for contiguous rows and another for any
/// others.
#define ROW_FOR_GROUPS(launch, elements, begin, end, contiguous_function, strided_function) \
  row_group group = row_group_first(launch, elements, begin, end);                          \
  if (row_is_contiguous(&group)) {                                                          \
    for (; group.remaining > 0; row_group_next(&group)) contiguous_function(&group);        \
    if ((launch)->streams) vf32_streaming_fence();                                          \
  } else {                                                                                  \
    for (; group.remaining > 0; row_group_next(&group)) strided_function(&group);           \
  }

/// Element `i` of row `r` of the group, of floating-point operand `o`.
CK_INLINE real *row_element(const row_group *group, int o, int64_t r, int64_t i) {
  int64_t stride = group->launch->operands[o].strides[group->launch->rank - 1];
  return (real *)group->launch->operands[o].data + group->offsets[o] + r * row_stride(group, o) + i * stride;
}
