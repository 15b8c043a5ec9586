// The derivatives of a recurrent layer's time steps. Included for each floating-point type.

/// Adds to the gradients of h in scratch what reaches them through the recurrent product of the step behind it, at
/// `time`, whose gates' gradients are in `sums`.
static void recurrence_backward_product(const recurrence_layer *layer, const recurrence_block *block, int64_t time,
                                        const real *sums, real *dh, real *room) {
  const int64_t depth = layer->gates * layer->hidden, column = block->column;
  const int64_t columns = layer->by_steps ? block->columns : layer->outputs;
  const int64_t first = block->direction * recurrence_whole(layer->outputs, layer->panel_columns) + column;
  const real *weights = (const real *)layer->launch->operands[4].data + first * depth;
  recurrence_product(room, layer->state_row, sums, layer->sums_row, weights, layer->panel_columns, block->rows, columns,
                     depth);
  for (int64_t i = 0; i < block->rows; i++) {
    if (!recurrence_is_active(layer, block->row + i, time)) continue;
    real *to = dh + i * layer->state_row + column;
    const real *from = room + i * layer->state_row;
    for (int64_t j = 0; j < columns; j += VF_LANES) vf_store(to + j, vf_add(vf_load(to + j), vf_load(from + j)));
  }
}

/// One step of a block, given the gradients of its h but for that of the output, and of its c: the gates' gradients, and
/// what reaches the states before other than through the product.
static void recurrence_backward_step(const recurrence_layer *layer, const recurrence_block *block, int64_t time,
                                     real *dh, real *dc, real *given, real *sums) {
  const ck_operand *operands = layer->launch->operands;
  const ck_recurrence *table = layer->table;
  const int64_t direction = block->direction, column = block->column, state_row = layer->state_row;
  const bool is_projected = table->projection != NULL, is_gru = layer->cell == CK_RECURRENCE_GRU;
  for (int64_t i = 0; i < block->rows; i++) {
    const int64_t row = block->row + i;
    stored *projected = recurrence_at(&table->projected_gradient, direction, time, row);
    if (recurrence_is_active(layer, row, time)) {
      const stored *gradient = recurrence_at(&table->output_gradient, direction, time, row);
      const int64_t columns = is_projected ? layer->outputs : block->columns;
      recurrence_add(dh + i * state_row + column, gradient == NULL ? NULL : gradient + column, columns);
      recurrence_store(projected, dh + i * state_row, layer->outputs);
    } else {
      recurrence_clear(projected, layer->outputs);
    }
  }
  if (is_projected && recurrence_is_any_active(layer, block, time)) {
    const real *weights = (const real *)table->projection + direction * table->projection_direction;
    recurrence_product(given, state_row, dh, state_row, weights, layer->panel_columns, block->rows, layer->hidden,
                       layer->outputs);
  }
  for (int64_t i = 0; i < block->rows; i++) {
    const int64_t row = block->row + i;
    stored *inputs = recurrence_element(&operands[0], direction, time, row) + column;
    stored *recurrent = recurrence_element(&operands[1], direction, time, row);
    if (recurrent != NULL) recurrent += column;
    if (!recurrence_is_active(layer, row, time)) {
      for (int64_t gate = 0; gate < layer->gates; gate++) {
        recurrence_clear(inputs + gate * layer->hidden, block->columns);
      }
      recurrence_clear(recurrent, block->columns);
      continue;
    }
    const stored *kept = recurrence_element(&operands[3], direction, time, row), *before;
    if (recurrence_is_first(layer, direction, row, time)) {
      const void *initial = is_gru ? table->initial_h : table->initial_c;
      before = recurrence_state(layer, initial, direction, row, layer->hidden);
    } else {
      const int64_t earlier = recurrence_before(direction, time);
      before = is_gru ? recurrence_at(&table->output, direction, earlier, row)
                      : recurrence_element(&operands[3], direction, earlier, row);
    }
    const recurrence_backward_row call = {
        .gates = recurrence_element(&operands[2], direction, time, row) + column,
        .kept = kept == NULL ? NULL : kept + column,
        .before = before == NULL ? NULL : before + column,
        .hidden = layer->hidden,
        .inputs = inputs,
        .recurrent = recurrent,
        .sums = sums + i * layer->sums_row + column,
        .given = (is_projected ? given : dh) + i * state_row + column,
        .dc = dc + i * state_row + column,
    };
    recurrence_backward_cell(&call, layer->cell, block->columns);
    // All else reaches the h before through the product.
    const int64_t columns = is_projected ? layer->outputs : block->columns;
    if (!is_gru) memset(dh + i * state_row + column, 0, (size_t)columns * sizeof(real));
  }
}

/// All steps of some rows of the batch, from the last to the first.
static void recurrence_backward_all(const recurrence_layer *layer, const recurrence_block *block, real *scratch) {
  const ck_recurrence *table = layer->table;
  const int64_t direction = block->direction, states = layer->rows * layer->state_row;
  real *dh = scratch, *dc = dh + states, *given = dc + states, *room = given + states, *sums = room + states;
  const bool has_c = layer->cell == CK_RECURRENCE_LSTM;
  const int64_t outputs = layer->outputs, hidden = layer->hidden;
  memset(sums, 0, (size_t)(layer->rows * layer->sums_row) * sizeof(real));
  for (int64_t i = 0; i < block->rows; i++) {
    const int64_t row = block->row + i, at = i * layer->state_row;
    recurrence_load(dh + at, recurrence_state(layer, table->final_h_gradient, direction, row, outputs), outputs);
    if (!has_c) continue;
    recurrence_load(dc + at, recurrence_state(layer, table->final_c_gradient, direction, row, hidden), hidden);
  }
  for (int64_t step = layer->steps - 1; step >= 0; step--) {
    const int64_t time = recurrence_time(layer, direction, step);
    recurrence_backward_step(layer, block, time, dh, dc, given, sums);
    if (!recurrence_is_any_active(layer, block, time)) continue;
    recurrence_backward_product(layer, block, time, sums, dh, room);
  }
  for (int64_t i = 0; i < block->rows; i++) {
    const int64_t row = block->row + i, at = i * layer->state_row;
    recurrence_store(recurrence_state(layer, table->initial_h_gradient, direction, row, outputs), dh + at, outputs);
    if (!has_c) continue;
    recurrence_store(recurrence_state(layer, table->initial_c_gradient, direction, row, hidden), dc + at, hidden);
  }
}

/// One step of some columns of the states, in all rows: first what reaches its h through the product of the step behind
/// it, and then, but for the step -1, which stands for the initial states, the step's own.
static void recurrence_backward_one(const recurrence_layer *layer, const recurrence_block *whole, real *scratch) {
  const ck_recurrence *table = layer->table;
  const ck_operand *operands = layer->launch->operands;
  const int64_t direction = whole->direction, states = layer->rows * layer->state_row, hidden = layer->hidden;
  real *dh = scratch, *dc = dh + states, *room = dc + 2 * states, *sums = room + states;
  const int64_t time = recurrence_time(layer, direction, layer->step);
  const bool is_last = layer->step == layer->steps - 1;
  const int64_t after = is_last ? 0 : recurrence_time(layer, direction, layer->step + 1);
  const bool has_c = layer->cell == CK_RECURRENCE_LSTM, is_gru = layer->cell == CK_RECURRENCE_GRU;
  const void *old_h = is_last ? table->final_h_gradient : table->initial_h_gradient;
  const void *old_c = is_last ? table->final_c_gradient : table->initial_c_gradient;
  for (int64_t first = 0; first < whole->rows; first += layer->rows) {
    recurrence_block block = *whole;
    block.row = first;
    block.rows = whole->rows - first < layer->rows ? whole->rows - first : layer->rows;
    const int64_t column = block.column, columns = block.columns;
    for (int64_t i = 0; i < block.rows; i++) {
      const int64_t row = first + i, at = i * layer->state_row + column;
      const stored *h = recurrence_state(layer, old_h, direction, row, hidden);
      const stored *c = recurrence_state(layer, old_c, direction, row, hidden);
      recurrence_load(dh + at, h == NULL ? NULL : h + column, columns);
      if (has_c) recurrence_load(dc + at, c == NULL ? NULL : c + column, columns);
      if (is_last) continue;
      real *gradients = sums + i * layer->sums_row;
      const bool is_active = recurrence_is_active(layer, row, after);
      const stored *gates = is_active ? recurrence_element(&operands[0], direction, after, row) : NULL;
      const int64_t shared = (layer->gates - (is_gru ? 1 : 0)) * hidden;
      recurrence_load(gradients, gates, shared);
      if (!is_gru) continue;
      recurrence_load(gradients + shared, is_active ? recurrence_element(&operands[1], direction, after, row) : NULL,
                      hidden);
    }
    if (!is_last) recurrence_backward_product(layer, &block, after, sums, dh, room);
    if (layer->step >= 0) recurrence_backward_step(layer, &block, time, dh, dc, NULL, sums);
    for (int64_t i = 0; i < block.rows; i++) {
      const int64_t row = first + i, at = i * layer->state_row + column;
      recurrence_store(recurrence_state(layer, table->initial_h_gradient, direction, row, hidden) + column, dh + at,
                       columns);
      if (!has_c) continue;
      recurrence_store(recurrence_state(layer, table->initial_c_gradient, direction, row, hidden) + column, dc + at,
                       columns);
    }
  }
}

/// The derivative of `recurrence`, in the same shape, strides, integers [0] to [4] and items. Steps that are launches go
/// from the last down to -1, which stands for the initial states. Operands:
///   input gradients      {directions, steps, batch, gates, hidden}, out: those of what the inputs added to the gates
///   recurrent gradients  {directions, steps, batch, hidden}, out: those of a GRU's W h + b, for its candidate; for all
///                        other gates they are those of the inputs; NULL for other cells
///   gates, kept          as forward kept them
///   W                    as `gemm_pack` packs it: [directions][panel][gates * hidden][panel columns]
///   table                a ck_recurrence
/// Steps behind a row's last give zeros and read nothing. 16-bit elements are computed with as float32; gradients of
/// states are carried in it where one launch has all steps. Sums over gates and hidden are one chain of multiply-adds in
/// their order. NaN spreads as the formulas have it, within its row of the batch.
CK_TILE(recurrence_backward, CK_DTYPE) {
  const recurrence_layer layer = recurrence_read(launch, 5);
  for (int64_t item = begin; item < end; item++) {
    const recurrence_block block = recurrence_block_of(&layer, item);
    if (layer.by_steps) {
      recurrence_backward_one(&layer, &block, scratch);
    } else {
      recurrence_backward_all(&layer, &block, scratch);
    }
  }
}
