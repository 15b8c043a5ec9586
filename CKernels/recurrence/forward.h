// A recurrent layer's time steps. Included for each floating-point type.

CK_INLINE bool recurrence_keeps(const recurrence_layer *layer) { return layer->launch->attributes.integers[5] != 0; }

/// Behind a row's last step: zeros, also where the backward pass sums over all steps.
static void recurrence_forward_nothing(const recurrence_layer *layer, const recurrence_block *block, int64_t row,
                                       int64_t time) {
  const ck_operand *operands = layer->launch->operands;
  const bool is_projected = layer->table->projection != NULL;
  recurrence_clear(recurrence_element(&operands[0], block->direction, time, row) + block->column,
                   is_projected ? layer->outputs : block->columns);
  if (!recurrence_keeps(layer)) return;
  stored *gates = recurrence_element(&operands[1], block->direction, time, row) + block->column;
  for (int64_t gate = 0; gate < layer->gates; gate++) recurrence_clear(gates + gate * layer->hidden, block->columns);
  stored *kept = recurrence_element(&operands[2], block->direction, time, row);
  if (kept != NULL) recurrence_clear(kept + block->column, block->columns);
}

/// One step of a block: the recurrent product of the h that scratch holds, and the gates. It leaves what the cell gives
/// in `given`, which may be h, and the new c; rows without such a step keep what they have, and give zeros.
static void recurrence_forward_step(const recurrence_layer *layer, const recurrence_block *block, int64_t time,
                                    const real *h, real *given, real *c, real *sums) {
  const ck_operand *operands = layer->launch->operands;
  const ck_recurrence *table = layer->table;
  const int64_t direction = block->direction, gate_panels = recurrence_whole(layer->hidden, layer->panel_columns);
  const real *weights = (const real *)operands[3].data;
  for (int64_t gate = 0; gate < layer->gates; gate++) {
    const int64_t first = (direction * layer->gates + gate) * gate_panels + block->column;
    recurrence_product(sums + gate * layer->sums_gate, layer->sums_row, h, layer->state_row,
                       weights + first * layer->outputs, layer->panel_columns, block->rows, block->columns,
                       layer->outputs);
  }
  const stored *bias = (const stored *)table->bias[direction];
  for (int64_t i = 0; i < block->rows; i++) {
    const int64_t row = block->row + i;
    if (!recurrence_is_active(layer, row, time)) {
      recurrence_forward_nothing(layer, block, row, time);
      continue;
    }
    stored *output = recurrence_element(&operands[0], direction, time, row);
    stored *inputs = recurrence_element(&operands[1], direction, time, row) + block->column;
    stored *kept = recurrence_element(&operands[2], direction, time, row);
    const recurrence_forward_row call = {
        .inputs = inputs,
        .gates = recurrence_keeps(layer) ? inputs : NULL,
        .sums = sums + i * layer->sums_row,
        .sums_gate = layer->sums_gate,
        .bias = bias == NULL ? NULL : bias + block->column,
        .hidden = layer->hidden,
        .kept = kept == NULL ? NULL : kept + block->column,
        .c = c + i * layer->state_row + block->column,
        .h = given + i * layer->state_row + block->column,
    };
    recurrence_forward_cell(&call, layer->cell, block->columns);
    if (table->projection == NULL) recurrence_store(output + block->column, call.h, block->columns);
  }
}

/// h of the rows that have a step, from what their cells gave: their product with the projection's weights, by way of
/// `room`.
static void recurrence_project(const recurrence_layer *layer, const recurrence_block *block, int64_t time,
                               const real *given, real *h, real *room) {
  const real *weights = (const real *)layer->table->projection + block->direction * layer->table->projection_direction;
  recurrence_product(room, layer->state_row, given, layer->state_row, weights, layer->panel_columns, block->rows,
                     layer->outputs, layer->hidden);
  for (int64_t i = 0; i < block->rows; i++) {
    if (!recurrence_is_active(layer, block->row + i, time)) continue;
    const real *projected = room + i * layer->state_row;
    memcpy(h + i * layer->state_row, projected, (size_t)recurrence_whole(layer->outputs, VF_LANES) * sizeof(real));
    recurrence_store(recurrence_element(&layer->launch->operands[0], block->direction, time, block->row + i), projected,
                     layer->outputs);
  }
}

/// All steps of some rows of the batch, whose states stay in scratch.
static void recurrence_forward_all(const recurrence_layer *layer, const recurrence_block *block, real *scratch) {
  const ck_recurrence *table = layer->table;
  const int64_t direction = block->direction, states = layer->rows * layer->state_row;
  real *h = scratch, *c = h + states, *given = c + states, *room = given + states, *sums = room + states;
  const bool is_projected = table->projection != NULL, has_c = layer->cell == CK_RECURRENCE_LSTM;
  memset(given, 0, (size_t)states * sizeof(real));
  for (int64_t i = 0; i < block->rows; i++) {
    const int64_t row = block->row + i, at = i * layer->state_row;
    recurrence_load(h + at, recurrence_state(layer, table->initial_h, direction, row, layer->outputs), layer->outputs);
    if (!has_c) continue;
    recurrence_load(c + at, recurrence_state(layer, table->initial_c, direction, row, layer->hidden), layer->hidden);
  }
  for (int64_t step = 0; step < layer->steps; step++) {
    const int64_t time = recurrence_time(layer, direction, step);
    if (!recurrence_is_any_active(layer, block, time)) {
      for (int64_t i = 0; i < block->rows; i++) recurrence_forward_nothing(layer, block, block->row + i, time);
      continue;
    }
    recurrence_forward_step(layer, block, time, h, is_projected ? given : h, c, sums);
    if (is_projected) recurrence_project(layer, block, time, given, h, room);
  }
  for (int64_t i = 0; i < block->rows; i++) {
    const int64_t row = block->row + i, at = i * layer->state_row;
    const void *final_h = layer->launch->operands[4].data;
    recurrence_store(recurrence_state(layer, final_h, direction, row, layer->outputs), h + at, layer->outputs);
    if (!has_c) continue;
    recurrence_store(recurrence_state(layer, table->final_c, direction, row, layer->hidden), c + at, layer->hidden);
  }
}

/// One step of some columns of the states, in all rows. h comes from the step before in the output, and c lies where the
/// final one will.
static void recurrence_forward_one(const recurrence_layer *layer, const recurrence_block *whole, real *scratch) {
  const ck_recurrence *table = layer->table;
  const ck_operand *output = &layer->launch->operands[0];
  const int64_t direction = whole->direction, states = layer->rows * layer->state_row;
  real *h = scratch, *c = h + states, *sums = c + 3 * states;
  const int64_t time = recurrence_time(layer, direction, layer->step);
  const bool has_c = layer->cell == CK_RECURRENCE_LSTM;
  for (int64_t first = 0; first < whole->rows; first += layer->rows) {
    recurrence_block block = *whole;
    block.row = first;
    block.rows = whole->rows - first < layer->rows ? whole->rows - first : layer->rows;
    for (int64_t i = 0; i < block.rows; i++) {
      const int64_t row = first + i, at = i * layer->state_row;
      const bool is_active = recurrence_is_active(layer, row, time);
      const bool is_first = is_active && recurrence_is_first(layer, direction, row, time);
      const stored *before = NULL;
      if (is_first) {
        before = recurrence_state(layer, table->initial_h, direction, row, layer->outputs);
      } else if (is_active) {
        before = recurrence_element(output, direction, recurrence_before(direction, time), row);
      }
      recurrence_load(h + at, before, layer->outputs);
      if (!has_c || !is_active) continue;
      const void *carried = is_first ? table->initial_c : table->final_c;
      const stored *old = recurrence_state(layer, carried, direction, row, layer->hidden);
      recurrence_load(c + at + block.column, old == NULL ? NULL : old + block.column, block.columns);
    }
    recurrence_forward_step(layer, &block, time, h, h, c, sums);
    for (int64_t i = 0; i < block.rows; i++) {
      const int64_t row = first + i, at = i * layer->state_row + block.column;
      if (!recurrence_is_active(layer, row, time)) continue;
      stored *final_h = recurrence_state(layer, layer->launch->operands[4].data, direction, row, layer->outputs);
      recurrence_store(final_h + block.column, h + at, block.columns);
      if (!has_c) continue;
      stored *final_c = recurrence_state(layer, table->final_c, direction, row, layer->hidden);
      recurrence_store(final_c + block.column, c + at, block.columns);
    }
  }
}

/// The time steps of a recurrent layer of one or two directions, the second of which goes from the last step to the first:
/// h' = tanh(s) or relu(s) for s = x + W h + b; LSTM (Hochreiter and Schmidhuber, 1997) with gates i, f, g, o; GRU (Cho et
/// al., 2014) with gates r, z, n, whose reset gate is applied behind the recurrent product and its bias. With a projection
/// h is R times what an LSTM gives.
///
/// Shape {directions, steps, batch, gates, hidden, outputs}. Operands, their strides in the shape's order, where the last
/// dimension that each has is contiguous and gates are `hidden` apart:
///   output   {directions, steps, batch, outputs}
///   gates    {directions, steps, batch, gates, hidden}: what the inputs add to the gates, in; with integers[5] the
///            gates, out. Steps behind a row's last are not touched.
///   kept     {directions, steps, batch, hidden}, out: c of an LSTM, W h + b of a GRU's candidate; NULL for nowhere
///   W        as `gemm_pack` packs it of each gate's transpose: [directions][gates][panel][outputs][panel columns]
///   final h  [directions, batch, outputs], out, dense
///   table    a ck_recurrence
/// integers: [0] a ck_recurrence_cell, [1] and [2] rows and panel columns of the plan, [3] whether the launch is one step,
/// [4] which, [5] whether gates are kept. Items are those of the plan. Nothing overlaps.
///
/// 16-bit elements are computed with as float32, in which states are carried from step to step by a launch over all of
/// them; those of one step read what the one before stored. Every recurrent sum is one chain of multiply-adds in the order
/// of the columns, and sigmoid and tanh have the errors that they have by themselves. NaN in a row of the batch spreads in
/// that row from its step on, and to no other.
CK_TILE(recurrence, CK_DTYPE) {
  const recurrence_layer layer = recurrence_read(launch, 5);
  for (int64_t item = begin; item < end; item++) {
    const recurrence_block block = recurrence_block_of(&layer, item);
    if (layer.by_steps) {
      recurrence_forward_one(&layer, &block, scratch);
    } else {
      recurrence_forward_all(&layer, &block, scratch);
    }
  }
}
