// The backward pass: weights are computed anew from the log sums. Included for float32 and float64 by attention.h.

/// Where gradients go, and what an item of the launch reads beside the task.
typedef struct attention_gradients {
  ck_operand dq, dk, dv, incoming, out, log_sums;
} attention_gradients;

/// The room of an item, and what is known of each query of its present tile.
typedef struct attention_pair {
  real *turned, *turned_incoming, *scores, *slopes, *kept;
  uint8_t *bytes;
  real log_sums[ATTENTION_QUERIES], deltas[ATTENTION_QUERIES];
} attention_pair;

/// Each query's sum of the result's gradients times the result, which is that of its weights times theirs.
CK_INLINE void attention_deltas(const attention_task *task, const attention_tile *tile, const attention_gradients *to,
                                attention_pair *pair) {
  const real *incoming = attention_row(&to->incoming, tile->batch, tile->head, tile->query, 2);
  const real *out = attention_row(&to->out, tile->batch, tile->head, tile->query, 2);
  const real *log_sums = attention_row(&to->log_sums, tile->batch, tile->head, tile->query, 2);
  for (int64_t r = 0; r < ATTENTION_QUERIES; r++) {
    // Lanes without a query have weights of 0.
    pair->log_sums[r] = INFINITY;
    pair->deltas[r] = 0;
  }
  for (int64_t r = 0; r < tile->queries; r++) {
    vf sum = vf_zero();
    CK_FOR_VECTORS(task->value_features,
                   sum = vf_fma(vf_load_any(incoming + i, 1, n), vf_load_any(out + i, 1, n), sum);)
    pair->deltas[r] = vf_reduce_add(sum);
    pair->log_sums[r] = log_sums[r * to->log_sums.strides[2]];
    incoming += to->incoming.strides[2];
    out += to->out.strides[2];
  }
}

/// Scores become weights, kept or dropped, and the weights' gradients those of the scores.
static void attention_backward_pairs(const attention_task *task, const attention_tile *tile, attention_pair *pair) {
  const vf scale = vf_set1(task->scale);
  for (int64_t r = 0; r < tile->queries; r += VF_LANES) {
    const vf log_sum = vf_load(pair->log_sums + r), delta = vf_load(pair->deltas + r);
    real *scores = pair->scores + r, *slopes = pair->slopes + r;
    const real *kept = pair->kept + r;
#pragma clang loop unroll_count(4)
    for (int64_t j = 0; j < tile->keys; j++) {
      const int64_t at = j * ATTENTION_QUERIES;
      vf weight = attention_exp(vf_sub(vf_load(scores + at), log_sum));
      vf slope = vf_load(slopes + at);
      if (task->drops) slope = vf_mul(slope, vf_load(kept + at));
      vf_store(slopes + at, vf_mul(vf_mul(weight, vf_sub(slope, delta)), scale));
      if (task->drops) weight = vf_mul(weight, vf_load(kept + at));
      vf_store(scores + at, weight);
    }
  }
}

/// A tile of queries against the keys from `begin` to `end`.
static void attention_backward_tile(const attention_task *task, attention_tile *tile, int64_t begin, int64_t end,
                                    const attention_gradients *to, attention_pair *pair, real *dq) {
  const int64_t key_head = tile->head / (task->heads / task->key_heads);
  const int64_t width = (tile->queries + VF_LANES - 1) / VF_LANES * VF_LANES;
  const real *q = attention_row(&task->q, tile->batch, tile->head, tile->query, 2);
  const real *incoming = attention_row(&to->incoming, tile->batch, tile->head, tile->query, 2);
  attention_turn(pair->turned, q, task->q.strides[2], tile->queries, task->features, task->scale);
  attention_turn(pair->turned_incoming, incoming, to->incoming.strides[2], tile->queries, task->value_features, 1);
  attention_deltas(task, tile, to, pair);
  for (tile->key = begin; tile->key < end; tile->key += ATTENTION_KEYS) {
    tile->keys = end - tile->key < ATTENTION_KEYS ? end - tile->key : ATTENTION_KEYS;
    const int64_t keys = tile->keys;
    const real *k = attention_row(&task->k, tile->batch, key_head, tile->key, 3);
    const real *v = attention_row(&task->v, tile->batch, key_head, tile->key, 3);
    attention_scores(task, tile, pair->turned, pair->scores);
    attention_multiply(pair->slopes, ATTENTION_QUERIES, v, task->v.strides[3], 1, pair->turned_incoming,
                       ATTENTION_QUERIES, keys, width, task->value_features, false);
    if (task->drops) attention_keep(task, tile, pair->kept, pair->bytes);
    attention_backward_pairs(task, tile, pair);
    if (to->dv.data != NULL) {
      attention_multiply(attention_row(&to->dv, tile->batch, key_head, tile->key, 3), to->dv.strides[3], pair->scores,
                         ATTENTION_QUERIES, 1, incoming, to->incoming.strides[2], keys, task->value_features,
                         tile->queries, true);
    }
    if (to->dk.data != NULL) {
      attention_multiply(attention_row(&to->dk, tile->batch, key_head, tile->key, 3), to->dk.strides[3], pair->slopes,
                         ATTENTION_QUERIES, 1, q, task->q.strides[2], keys, task->features, tile->queries, true);
    }
    if (dq != NULL) {
      attention_multiply(dq, to->dq.strides[2], pair->slopes, 1, ATTENTION_QUERIES, k, task->k.strides[3],
                         tile->queries, task->features, keys, tile->key > begin);
    }
  }
}

/// The keys from `begin` to `end` of one head of keys, against all queries of all heads that share it.
static void attention_backward_item(const attention_task *task, int64_t batch, int64_t key_head, int64_t part,
                                    int64_t begin, int64_t end, const attention_gradients *to, real *scratch) {
  attention_pair pair;
  pair.turned = scratch;
  pair.turned_incoming = pair.turned + task->features * ATTENTION_QUERIES;
  pair.scores = pair.turned_incoming + task->value_features * ATTENTION_QUERIES;
  pair.slopes = pair.scores + ATTENTION_KEYS * ATTENTION_QUERIES;
  pair.kept = pair.slopes + ATTENTION_KEYS * ATTENTION_QUERIES;
  pair.bytes = (uint8_t *)(pair.kept + ATTENTION_KEYS * ATTENTION_QUERIES);
  if (to->dk.data != NULL) {
    attention_clear(attention_row(&to->dk, batch, key_head, begin, 3), to->dk.strides[3], end - begin, task->features);
  }
  if (to->dv.data != NULL) {
    attention_clear(attention_row(&to->dv, batch, key_head, begin, 3), to->dv.strides[3], end - begin,
                    task->value_features);
  }
  const int64_t group = task->heads / task->key_heads;
  for (int64_t head = key_head * group; head < (key_head + 1) * group; head++) {
    for (int64_t query = 0; query < task->queries; query += ATTENTION_QUERIES) {
      const int64_t left = task->queries - query;
      attention_tile tile = {
          .batch = batch,
          .head = head,
          .query = query,
          .queries = left < ATTENTION_QUERIES ? left : ATTENTION_QUERIES,
      };
      const int64_t last = query + tile.queries;
      const int64_t seen = task->is_causal && last < end ? last : end;
      real *dq = to->dq.data == NULL
                     ? NULL
                     : attention_row(&to->dq, batch, head, query, 2) + part * to->dq.strides[5];
      if (begin < seen) {
        attention_backward_tile(task, &tile, begin, seen, to, &pair, dq);
      } else if (dq != NULL) {
        attention_clear(dq, to->dq.strides[2], tile.queries, task->features);
      }
    }
  }
}

/// The gradients of `attention` in the queries, the keys and the values.
///
/// Operands: dq (strides[5] leads from a part to the next), dk, dv (each NULL where it is not wanted), q, the result's
/// gradient, and, without strides, a ck_attention_inputs. Shape, integers and numbers as in attention.h; integers[5] =
/// keys of a part, a multiple of CK_ATTENTION_KEYS. Items are parts of a head's keys, batch * heads of keys * parts,
/// where there are max(1, ceil(keys / keys of a part)) parts, the part fastest: each has its own keys' dk and dv, and its
/// share of dq, which is the sum of the shares. Scratch: ck_attention_scratch. Outputs overlap nothing else.
/// A query that sees nothing takes no part. NaN spreads as in the forward pass.
/// Error: dv relative 2^-24 * (2 * queries + 8 + |log sum|) of the weighted sum of gradients; dq and dk likewise of what
/// they sum, whose terms are products of a weight and a difference of two sums of F products each.
CK_TILE(attention_backward, CK_DTYPE) {
  const ck_operand *operands = launch->operands;
  const ck_attention_inputs *inputs = operands[5].data;
  const attention_task task = attention_task_of(launch, operands[3], inputs->keys, inputs->values, inputs->mask);
  const attention_gradients to = {
      .dq = operands[0],
      .dk = operands[1],
      .dv = operands[2],
      .incoming = operands[4],
      .out = inputs->out,
      .log_sums = inputs->log_sums,
  };
  const int64_t part_keys = launch->attributes.integers[5];
  const int64_t parts = task.keys == 0 ? 1 : (task.keys + part_keys - 1) / part_keys;
  for (int64_t item = begin; item < end; item++) {
    const int64_t row = item / parts, part = item - row * parts, first = part * part_keys;
    const int64_t last = first + part_keys < task.keys ? first + part_keys : task.keys;
    attention_backward_item(&task, row / task.key_heads, row % task.key_heads, part, first, last, &to, scratch);
  }
}
