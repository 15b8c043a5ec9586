// What a time step computes of the gates' sums. Included for each floating-point type.

/// One row of the batch at one step, from its first column on; `n` lanes are stored, whole vectors are computed.
typedef struct recurrence_forward_row {
  /// What the input adds to the gates, and where the gates are kept: the same place, or NULL.
  const stored *inputs;
  stored *gates;
  /// What the state adds, in scratch, and from a gate's to the next.
  const real *sums;
  int64_t sums_gate;
  /// Added to that; NULL for nothing. From a gate to the next it is, as in the inputs, `hidden`.
  const stored *bias;
  int64_t hidden;
  /// Where c (LSTM) or the candidate's recurrent sum (GRU) is kept; NULL for nowhere.
  stored *kept;
  /// In scratch: c, which changes, and what the step gives, which in a GRU is h on entry.
  real *c, *h;
} recurrence_forward_row;

/// The recurrent sum of a gate.
CK_INLINE vf recurrence_sum(const recurrence_forward_row *row, int gate, int64_t i, int64_t n) {
  const vf sum = vf_load(row->sums + gate * row->sums_gate + i);
  return row->bias == NULL ? sum : vf_add(sum, vf_load_any(row->bias + gate * row->hidden + i, 1, n));
}

CK_INLINE void recurrence_keep(stored *to, vf value, int64_t i, int64_t n) {
  if (to != NULL) vf_store_any(to + i, 1, value, n);
}

#define RECURRENCE_INPUT(gate) vf_load_any(row->inputs + (gate) * row->hidden + i, 1, n)
#define RECURRENCE_KEEP(gate, value) \
  if (row->gates != NULL) vf_store_any(row->gates + (gate) * row->hidden + i, 1, value, n)
// One copy of the body, for whole and partial vectors: it is long.
#define RECURRENCE_FOR_VECTORS(count)                             \
  for (int64_t i = 0, n; i < (count); i += VF_LANES)              \
    if (n = (count) - i < VF_LANES ? (count) - i : VF_LANES, true)

/// h = tanh(x + s), or relu of that.
static void recurrence_forward_simple(const recurrence_forward_row *row, int64_t columns, bool is_relu) {
  RECURRENCE_FOR_VECTORS(columns) {
    const vf sum = vf_add(RECURRENCE_INPUT(0), recurrence_sum(row, 0, i, n));
    const vf h = is_relu ? vf_relu(sum) : vf_tanh(sum);
    RECURRENCE_KEEP(0, h);
    vf_store(row->h + i, h);
  }
}

/// i, f, o = sigmoid and g = tanh of x + s; c = f c + i g, and o tanh(c).
static void recurrence_forward_lstm(const recurrence_forward_row *row, int64_t columns) {
  RECURRENCE_FOR_VECTORS(columns) {
    const vf input = vf_sigmoid(vf_add(RECURRENCE_INPUT(0), recurrence_sum(row, 0, i, n)));
    const vf forget = vf_sigmoid(vf_add(RECURRENCE_INPUT(1), recurrence_sum(row, 1, i, n)));
    const vf candidate = vf_tanh(vf_add(RECURRENCE_INPUT(2), recurrence_sum(row, 2, i, n)));
    const vf exposure = vf_sigmoid(vf_add(RECURRENCE_INPUT(3), recurrence_sum(row, 3, i, n)));
    const vf c = vf_fma(forget, vf_load(row->c + i), vf_mul(input, candidate));
    RECURRENCE_KEEP(0, input);
    RECURRENCE_KEEP(1, forget);
    RECURRENCE_KEEP(2, candidate);
    RECURRENCE_KEEP(3, exposure);
    recurrence_keep(row->kept, c, i, n);
    vf_store(row->c + i, c);
    vf_store(row->h + i, vf_mul(exposure, vf_tanh(c)));
  }
}

/// r, z = sigmoid of x + s, n = tanh(x + r s), and h = n + z (h - n).
static void recurrence_forward_gru(const recurrence_forward_row *row, int64_t columns) {
  RECURRENCE_FOR_VECTORS(columns) {
    const vf reset = vf_sigmoid(vf_add(RECURRENCE_INPUT(0), recurrence_sum(row, 0, i, n)));
    const vf update = vf_sigmoid(vf_add(RECURRENCE_INPUT(1), recurrence_sum(row, 1, i, n)));
    const vf recurrent = recurrence_sum(row, 2, i, n);
    const vf candidate = vf_tanh(vf_fma(reset, recurrent, RECURRENCE_INPUT(2)));
    RECURRENCE_KEEP(0, reset);
    RECURRENCE_KEEP(1, update);
    RECURRENCE_KEEP(2, candidate);
    recurrence_keep(row->kept, recurrent, i, n);
    vf_store(row->h + i, vf_fma(update, vf_sub(vf_load(row->h + i), candidate), candidate));
  }
}

CK_INLINE void recurrence_forward_cell(const recurrence_forward_row *row, ck_recurrence_cell cell, int64_t columns) {
  switch (cell) {
    case CK_RECURRENCE_TANH: recurrence_forward_simple(row, columns, false); break;
    case CK_RECURRENCE_RELU: recurrence_forward_simple(row, columns, true); break;
    case CK_RECURRENCE_LSTM: recurrence_forward_lstm(row, columns); break;
    case CK_RECURRENCE_GRU: recurrence_forward_gru(row, columns); break;
  }
}
#undef RECURRENCE_INPUT
#undef RECURRENCE_KEEP
