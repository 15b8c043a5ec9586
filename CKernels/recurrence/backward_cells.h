// The derivatives of a time step. Included for each floating-point type.

/// One row of the batch at one step, from its first column on.
typedef struct recurrence_backward_row {
  /// What forward kept: the gates, `hidden` apart, and c or the candidate's recurrent sum.
  const stored *gates, *kept;
  /// The state before the step, c of an LSTM and h of a GRU; NULL for zeros.
  const stored *before;
  int64_t hidden;
  /// The gradients of what the inputs added to the gates, and (GRU) of the candidate's recurrent sum.
  stored *inputs, *recurrent;
  /// In scratch: the gradients of the recurrent sums, `hidden` apart.
  real *sums;
  /// In scratch: the gradient of what the step gave, and on return, in a GRU, that part of it which reaches the h before
  /// directly; and that of c, and then of the c before.
  real *given, *dc;
} recurrence_backward_row;

/// Stores the gradient of a gate, which is that of its recurrent sum too.
CK_INLINE void recurrence_give(const recurrence_backward_row *row, int gate, vf value, int64_t i, int64_t n) {
  vf_store_any(row->inputs + gate * row->hidden + i, 1, value, n);
  vf_store_first(row->sums + gate * row->hidden + i, value, n);
}

#define RECURRENCE_GATE(gate) vf_load_any(row->gates + (gate) * row->hidden + i, 1, n)
#define RECURRENCE_BEFORE (row->before == NULL ? vf_zero() : vf_load_any(row->before + i, 1, n))

static void recurrence_backward_simple(const recurrence_backward_row *row, int64_t columns, bool is_relu) {
  RECURRENCE_FOR_VECTORS(columns) {
    const vf h = RECURRENCE_GATE(0), gradient = vf_load(row->given + i);
    recurrence_give(row, 0, is_relu ? vf_relu_backward(gradient, h) : vf_tanh_backward(gradient, h), i, n);
  }
}

static void recurrence_backward_lstm(const recurrence_backward_row *row, int64_t columns) {
  RECURRENCE_FOR_VECTORS(columns) {
    const vf input = RECURRENCE_GATE(0), forget = RECURRENCE_GATE(1);
    const vf candidate = RECURRENCE_GATE(2), exposure = RECURRENCE_GATE(3);
    const vf squashed = vf_tanh(vf_load_any(row->kept + i, 1, n)), gradient = vf_load(row->given + i);
    const vf dc = vf_add(vf_load(row->dc + i), vf_tanh_backward(vf_mul(gradient, exposure), squashed));
    recurrence_give(row, 0, vf_sigmoid_backward(vf_mul(dc, candidate), input), i, n);
    recurrence_give(row, 1, vf_sigmoid_backward(vf_mul(dc, RECURRENCE_BEFORE), forget), i, n);
    recurrence_give(row, 2, vf_tanh_backward(vf_mul(dc, input), candidate), i, n);
    recurrence_give(row, 3, vf_sigmoid_backward(vf_mul(gradient, squashed), exposure), i, n);
    vf_store(row->dc + i, vf_mul(dc, forget));
  }
}

static void recurrence_backward_gru(const recurrence_backward_row *row, int64_t columns) {
  RECURRENCE_FOR_VECTORS(columns) {
    const vf reset = RECURRENCE_GATE(0), update = RECURRENCE_GATE(1), candidate = RECURRENCE_GATE(2);
    const vf recurrent = vf_load_any(row->kept + i, 1, n), gradient = vf_load(row->given + i);
    const vf through = vf_tanh_backward(vf_mul(gradient, vf_sub(vf_set1(1), update)), candidate);
    recurrence_give(row, 0, vf_sigmoid_backward(vf_mul(through, recurrent), reset), i, n);
    const vf difference = vf_sub(RECURRENCE_BEFORE, candidate);
    recurrence_give(row, 1, vf_sigmoid_backward(vf_mul(gradient, difference), update), i, n);
    const vf gated = vf_mul(through, reset);
    vf_store_any(row->inputs + 2 * row->hidden + i, 1, through, n);
    vf_store_any(row->recurrent + i, 1, gated, n);
    vf_store_first(row->sums + 2 * row->hidden + i, gated, n);
    vf_store(row->given + i, vf_mul(gradient, update));
  }
}

CK_INLINE void recurrence_backward_cell(const recurrence_backward_row *row, ck_recurrence_cell cell, int64_t columns) {
  switch (cell) {
    case CK_RECURRENCE_TANH: recurrence_backward_simple(row, columns, false); break;
    case CK_RECURRENCE_RELU: recurrence_backward_simple(row, columns, true); break;
    case CK_RECURRENCE_LSTM: recurrence_backward_lstm(row, columns); break;
    case CK_RECURRENCE_GRU: recurrence_backward_gru(row, columns); break;
  }
}
#undef RECURRENCE_GATE
#undef RECURRENCE_BEFORE
#undef RECURRENCE_FOR_VECTORS
