// The forward pass. Included for float32 and float64 by attention.h.

/// What is known of each query of a tile after some of the keys.
typedef struct attention_state {
  /// The greatest score, -infinity before the first, and the sum of exponentials relative to it.
  real max[ATTENTION_QUERIES], sum[ATTENTION_QUERIES];
  /// What the last tile of keys made of what was summed before.
  real rescale[ATTENTION_QUERIES];
} attention_state;

/// Scores become exponentials relative to the greatest so far, for `vectors` vectors of queries.
CK_INLINE void attention_soften_vectors(real *scores, int64_t keys, const int vectors, real *max, real *sum,
                                        real *rescale) {
  const vf nothing = vf_set1(-INFINITY);
  vf best[ATTENTION_VECTORS], total[ATTENTION_VECTORS];
#pragma clang loop unroll(full)
  for (int v = 0; v < vectors; v++) best[v] = vf_load(max + v * VF_LANES);
  for (int64_t j = 0; j < keys; j++) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      best[v] = vf_max(vf_load(scores + j * ATTENTION_QUERIES + v * VF_LANES), best[v]);
    }
  }
#pragma clang loop unroll(full)
  for (int v = 0; v < vectors; v++) {
    const vf before = vf_load(max + v * VF_LANES);
    vf_store(max + v * VF_LANES, best[v]);
    // Where nothing was seen, -infinity less anything finite has an exponential of 0.
    best[v] = vf_select(vf_eq(best[v], nothing), vf_zero(), best[v]);
    const vf factor = attention_exp(vf_sub(before, best[v]));
    vf_store(rescale + v * VF_LANES, factor);
    vf_store(sum + v * VF_LANES, vf_mul(vf_load(sum + v * VF_LANES), factor));
    total[v] = vf_zero();
  }
  for (int64_t j = 0; j < keys; j++) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      real *at = scores + j * ATTENTION_QUERIES + v * VF_LANES;
      const vf weight = attention_exp(vf_sub(vf_load(at), best[v]));
      vf_store(at, weight);
      total[v] = vf_add(total[v], weight);
    }
  }
#pragma clang loop unroll(full)
  for (int v = 0; v < vectors; v++) {
    vf_store(sum + v * VF_LANES, vf_add(vf_load(sum + v * VF_LANES), total[v]));
  }
}

static void attention_soften(real *scores, int64_t keys, int64_t queries, attention_state *state) {
  int64_t r = 0;
  for (; r + ATTENTION_VECTORS * VF_LANES <= queries; r += ATTENTION_VECTORS * VF_LANES) {
    attention_soften_vectors(scores + r, keys, ATTENTION_VECTORS, state->max + r, state->sum + r, state->rescale + r);
  }
  for (; r < queries; r += VF_LANES) {
    attention_soften_vectors(scores + r, keys, 1, state->max + r, state->sum + r, state->rescale + r);
  }
}

/// x *= factor, of `count` elements.
CK_INLINE void attention_rescale(real *x, int64_t count, real factor) {
  const vf scale = vf_set1(factor);
  CK_FOR_VECTORS(count, vf_store_any(x + i, 1, vf_mul(vf_load_any(x + i, 1, n), scale), n);)
}

/// Divides what was summed up by the sum of weights, and writes each query's logarithm of that.
static void attention_finish(const attention_tile *tile, const attention_state *state, real *out, int64_t out_row,
                             real *log_sums, int64_t log_step, int64_t count) {
  real logs[ATTENTION_QUERIES];
  for (int64_t r = 0; r < tile->queries; r += VF_LANES) {
    const vf max = vf_load(state->max + r), sum = vf_load(state->sum + r);
    const vf log_sum = vf_add(max, vf_log(sum));
    // So that the backward pass gives the weights of a row that sees nothing as 0.
    vf_store(logs + r, vf_select(vf_eq(sum, vf_zero()), vf_set1(INFINITY), log_sum));
  }
  for (int64_t r = 0; r < tile->queries; r++, out += out_row) {
    log_sums[r * log_step] = logs[r];
    if (state->sum[r] == 0) {
      memset(out, 0, (size_t)count * sizeof(real));
    } else {
      attention_rescale(out, count, 1 / state->sum[r]);
    }
  }
}

static void attention_forward_tile(const attention_task *task, attention_tile *tile, const ck_operand *result,
                                   const ck_operand *log_sums, real *scratch) {
  real *turned = scratch, *scores = turned + task->features * ATTENTION_QUERIES;
  real *kept = scores + ATTENTION_KEYS * ATTENTION_QUERIES;
  uint8_t *bytes = (uint8_t *)(kept + ATTENTION_KEYS * ATTENTION_QUERIES);
  const int64_t key_head = tile->head / (task->heads / task->key_heads), count = task->value_features;
  real *out = attention_row(result, tile->batch, tile->head, tile->query, 2);
  const int64_t out_row = result->strides[2];
  attention_turn(turned, attention_row(&task->q, tile->batch, tile->head, tile->query, 2), task->q.strides[2],
                 tile->queries, task->features, task->scale);

  attention_state state;
  for (int64_t r = 0; r < ATTENTION_QUERIES; r++) {
    state.max[r] = -INFINITY;
    state.sum[r] = 0;
  }
  const int64_t last = tile->query + tile->queries;
  const int64_t end = task->is_causal && last < task->keys ? last : task->keys;
  if (end == 0) attention_clear(out, out_row, tile->queries, count);
  for (tile->key = 0; tile->key < end; tile->key += ATTENTION_KEYS) {
    tile->keys = end - tile->key < ATTENTION_KEYS ? end - tile->key : ATTENTION_KEYS;
    attention_scores(task, tile, turned, scores);
    attention_soften(scores, tile->keys, tile->queries, &state);
    if (task->drops) {
      attention_keep(task, tile, kept, bytes);
      for (int64_t j = 0; j < tile->keys * ATTENTION_QUERIES; j += VF_LANES) {
        vf_store(scores + j, vf_mul(vf_load(scores + j), vf_load(kept + j)));
      }
    }
    if (tile->key > 0) {
      for (int64_t r = 0; r < tile->queries; r++) {
        if (state.rescale[r] != 1) attention_rescale(out + r * out_row, count, state.rescale[r]);
      }
    }
    attention_multiply(out, out_row, scores, 1, ATTENTION_QUERIES,
                       attention_row(&task->v, tile->batch, key_head, tile->key, 3), task->v.strides[3], tile->queries,
                       count, tile->keys, tile->key > 0);
  }
  attention_finish(tile, &state, out, out_row, attention_row(log_sums, tile->batch, tile->head, tile->query, 2),
                   log_sums->strides[2], count);
}

/// out = softmax(scale * Q · K^T + mask) · V, and the logarithm of each row's sum of exponentials.
///
/// Operands: out, log_sums (no vectors: strides of batch, head and query), q, k, v, mask (data NULL for none; any strides
/// of batch, head, query and key; bytes or numbers). Shape, integers and numbers as in attention.h. Items are tiles of
/// queries, batch * heads * ceil(queries / tile), the tile fastest. Scratch: ck_attention_scratch. Outputs overlap
/// nothing else.
/// A query that sees no key, for there is none or all its scores are -infinity, gives zeros, and +infinity among the log
/// sums. NaN: a NaN or +infinity among a query's scores makes its row NaN, but keys that causal attention hides count
/// for nothing; NaN and infinities in V spread as the sum of products has them, weights of 0 included.
/// Error: to that of the scores, which are chains of multiply-adds over E of a scaled query, a weight adds relative
/// 2^-24 * (4 + |score - max|) and an output relative 2^-24 * (2 * keys + 8) of the weighted sum of |V|; in float64
/// 2^-53 takes the place of 2^-24. Weights below e^-80 times a row's greatest, in float64 e^-700, count as 0.
CK_TILE(attention, CK_DTYPE) {
  const ck_operand *operands = launch->operands;
  const attention_task task = attention_task_of(launch, operands[2], operands[3], operands[4], operands[5]);
  const int64_t tiles = (task.queries + ATTENTION_QUERIES - 1) / ATTENTION_QUERIES;
  for (int64_t item = begin; item < end; item++) {
    const int64_t row = item / tiles, query = (item - row * tiles) * ATTENTION_QUERIES, left = task.queries - query;
    attention_tile tile = {
        .batch = row / task.heads,
        .head = row % task.heads,
        .query = query,
        .queries = left < ATTENTION_QUERIES ? left : ATTENTION_QUERIES,
    };
    attention_forward_tile(&task, &tile, &operands[0], &operands[1], scratch);
  }
}
