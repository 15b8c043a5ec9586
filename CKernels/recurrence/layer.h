// How a launch over a recurrent layer is read. Included for each floating-point type.

/// A launch's numbers. Its shape is {directions, steps, batch, gates, hidden, outputs}.
typedef struct recurrence_layer {
  const ck_launch *launch;
  const ck_recurrence *table;
  ck_recurrence_cell cell;
  int64_t directions, steps, batch, gates, hidden, outputs;
  int64_t rows, panel_columns;
  /// Whether the launch is one step, and which, counted in the order of forward.
  bool by_steps;
  int64_t step;
  /// Elements of a row of h and c in scratch, and of a row of all gates, and from a gate's to the next in that.
  int64_t state_row, sums_row, sums_gate;
} recurrence_layer;

CK_INLINE recurrence_layer recurrence_read(const ck_launch *launch, int table) {
  const int64_t *shape = launch->shape, *integers = launch->attributes.integers;
  const int64_t widest = shape[4] > shape[5] ? shape[4] : shape[5], gate = recurrence_whole(shape[4], VF_LANES);
  return (recurrence_layer){
      .launch = launch,
      .table = (const ck_recurrence *)launch->operands[table].data,
      .cell = (ck_recurrence_cell)integers[0],
      .directions = shape[0],
      .steps = shape[1],
      .batch = shape[2],
      .gates = shape[3],
      .hidden = shape[4],
      .outputs = shape[5],
      .rows = integers[1],
      .panel_columns = integers[2],
      .by_steps = integers[3] != 0,
      .step = integers[4],
      .state_row = recurrence_row(widest, VF_LANES),
      .sums_row = recurrence_row(shape[3] * gate, VF_LANES),
      .sums_gate = gate,
  };
}

/// Some rows of the batch, and some columns of the states, in one direction.
typedef struct recurrence_block {
  int64_t direction, row, rows, column, columns;
} recurrence_block;

/// The block of an item.
CK_INLINE recurrence_block recurrence_block_of(const recurrence_layer *layer, int64_t item) {
  const int64_t extent = layer->by_steps ? layer->hidden : layer->batch;
  const int64_t length = layer->by_steps ? layer->panel_columns : layer->rows;
  const int64_t count = (extent + length - 1) / length;
  const int64_t direction = item / count, first = (item - direction * count) * length;
  const int64_t part = extent - first < length ? extent - first : length;
  if (layer->by_steps) return (recurrence_block){direction, 0, layer->batch, first, part};
  return (recurrence_block){direction, first, part, 0, layer->hidden};
}

/// Where an operand's elements are for a direction, a time and a row of the batch; NULL where there is no operand.
CK_INLINE stored *recurrence_element(const ck_operand *operand, int64_t direction, int64_t time, int64_t row) {
  if (operand->data == NULL) return NULL;
  const int64_t *strides = operand->strides;
  return (stored *)operand->data + direction * strides[0] + time * strides[1] + row * strides[2];
}

CK_INLINE stored *recurrence_at(const ck_recurrence_sequence *sequence, int64_t direction, int64_t time, int64_t row) {
  if (sequence->data == NULL) return NULL;
  return (stored *)sequence->data + direction * sequence->direction + time * sequence->step + row * sequence->row;
}

/// Where the state of a row is in `data`, [directions, batch, width]; NULL where that is.
CK_INLINE stored *recurrence_state(const recurrence_layer *layer, const void *data, int64_t direction, int64_t row,
                                   int64_t width) {
  return data == NULL ? NULL : (stored *)data + (direction * layer->batch + row) * width;
}

CK_INLINE void recurrence_clear(stored *to, int64_t count) {
  if (to != NULL) memset(to, 0, (size_t)count * sizeof(stored));
}

/// Elements as numbers, zeros where there are none and up to the end of the last vector.
CK_INLINE void recurrence_load(real *to, const stored *from, int64_t count) {
  for (int64_t i = 0; i < count; i += VF_LANES) {
    const int64_t n = count - i < VF_LANES ? count - i : VF_LANES;
    vf_store(to + i, from == NULL ? vf_zero() : vf_load_any(from + i, 1, n));
  }
}

CK_INLINE void recurrence_store(stored *to, const real *from, int64_t count) {
  if (to == NULL) return;
  for (int64_t i = 0; i < count; i += VF_LANES) {
    vf_store_any(to + i, 1, vf_load(from + i), count - i < VF_LANES ? count - i : VF_LANES);
  }
}

/// `to` plus elements, where there are any.
CK_INLINE void recurrence_add(real *to, const stored *from, int64_t count) {
  if (from == NULL) return;
  for (int64_t i = 0; i < count; i += VF_LANES) {
    const int64_t n = count - i < VF_LANES ? count - i : VF_LANES;
    vf_store(to + i, vf_add(vf_load(to + i), vf_load_any(from + i, 1, n)));
  }
}

/// The time of a step: the second direction goes backwards.
CK_INLINE int64_t recurrence_time(const recurrence_layer *layer, int64_t direction, int64_t step) {
  return direction == 1 ? layer->steps - 1 - step : step;
}

CK_INLINE bool recurrence_is_active(const recurrence_layer *layer, int64_t row, int64_t time) {
  return layer->table->lengths == NULL || time < layer->table->lengths[row];
}

CK_INLINE bool recurrence_is_any_active(const recurrence_layer *layer, const recurrence_block *block, int64_t time) {
  for (int64_t row = block->row; row < block->row + block->rows; row++) {
    if (recurrence_is_active(layer, row, time)) return true;
  }
  return false;
}

/// Whether a row of the batch, which is active, begins at a time.
CK_INLINE bool recurrence_is_first(const recurrence_layer *layer, int64_t direction, int64_t row, int64_t time) {
  if (direction == 0) return time == 0;
  return time == (layer->table->lengths == NULL ? layer->steps : layer->table->lengths[row]) - 1;
}

/// The times of the steps before and after that at a time, which there are.
CK_INLINE int64_t recurrence_before(int64_t direction, int64_t time) { return direction == 1 ? time + 1 : time - 1; }
CK_INLINE int64_t recurrence_after(int64_t direction, int64_t time) { return direction == 1 ? time - 1 : time + 1; }
