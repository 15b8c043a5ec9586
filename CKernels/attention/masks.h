// What a tile of scores, keys by queries, does not see, and which of its weights are dropped. Included for float32 and
// float64 by attention.h.

/// A tile: which queries of which head, which keys, and how many of each.
typedef struct attention_tile {
  int64_t batch, head, query, queries, key, keys;
} attention_tile;

/// e^x for x up to 89, and 0 where that is so little beside a weight of 1 that only what is made of it would be denormal:
/// of hidden keys above all, for which computing it would take many times as long.
CK_INLINE vf attention_exp(vf x) {
  const vf least = vf_set1(CK_BITS == 64 ? -700 : -80);
  return vf_select(vf_lt(x, least), vf_zero(), vf_exp_of_lesser(vf_max(least, x)));
}

/// Adds a square of numbers, queries by keys, to scores; `keys` of its columns.
CK_INLINE void attention_add_square(real *scores, vf square[VF_LANES], int64_t keys) {
  vf_transpose(square);
#pragma clang loop unroll(full)
  for (int j = 0; j < VF_LANES; j++) {
    if (j >= keys) continue;
    real *at = scores + j * ATTENTION_QUERIES;
    vf_store(at, vf_add(vf_load(at), square[j]));
  }
}

/// Adds the mask to a tile of scores: 0 where truth values let a key be seen and -infinity elsewhere, or numbers.
static void attention_add_mask(const attention_task *task, const attention_tile *tile, real *scores) {
  const bool is_bool = task->kind == CK_ATTENTION_BOOL_MASK;
  const int64_t *strides = task->mask.strides;
  const int64_t across = strides[2], along = strides[3];
  const int64_t first =
      tile->batch * strides[0] + tile->head * strides[1] + tile->query * across + tile->key * along;
  const uint8_t *bytes = (const uint8_t *)task->mask.data + (is_bool ? first : 0);
  const real *numbers = (const real *)task->mask.data + (is_bool ? 0 : first);
  const vf hidden = vf_set1(-INFINITY), zero = vf_zero();

  if (across == 0 || along != 1) {
    // One number for all queries, or numbers in no order that vectors would be loaded in.
    for (int64_t j = 0; j < tile->keys; j++) {
      real *row = scores + j * ATTENTION_QUERIES;
      if (across == 0) {
        const real value = is_bool ? (bytes[j * along] ? 0 : -INFINITY) : numbers[j * along];
        if (value == 0) continue;
        for (int64_t r = 0; r < tile->queries; r += VF_LANES) {
          vf_store(row + r, vf_add(vf_load(row + r), vf_set1(value)));
        }
      } else {
        for (int64_t r = 0; r < tile->queries; r++) {
          const int64_t place = r * across + j * along;
          row[r] += is_bool ? (bytes[place] ? 0 : -INFINITY) : numbers[place];
        }
      }
    }
    return;
  }
  for (int64_t r = 0; r < tile->queries; r += VF_LANES) {
    const int64_t lines = tile->queries - r < VF_LANES ? tile->queries - r : VF_LANES;
    for (int64_t j = 0; j < tile->keys; j += VF_LANES) {
      const int64_t count = tile->keys - j < VF_LANES ? tile->keys - j : VF_LANES;
      const int64_t place = r * across + j;
      vf square[VF_LANES];
      if (is_bool) {
        bool sees_all = count == VF_LANES;
        for (int64_t i = 0; i < lines; i++) {
          const vm sees = count == VF_LANES ? vm_load_bytes(bytes + place + i * across)
                                            : vm_load_bytes_first(bytes + place + i * across, count);
          sees_all &= vm_all(sees);
          square[i] = vf_select(sees, zero, hidden);
        }
        if (sees_all) continue;
      } else {
        for (int64_t i = 0; i < lines; i++) square[i] = vf_load_first(numbers + place + i * across, count);
      }
      for (int64_t i = lines; i < VF_LANES; i++) square[i] = zero;
      attention_add_square(scores + j * ATTENTION_QUERIES + r, square, count);
    }
  }
}

/// Hides from each query the keys behind its own place.
CK_INLINE void attention_hide_later(const attention_tile *tile, real *scores) {
  const vf hidden = vf_set1(-INFINITY);
  for (int64_t j = 0; j < tile->keys; j++) {
    // The first query of the tile that sees the key.
    const int64_t first = tile->key + j - tile->query;
    real *row = scores + j * ATTENTION_QUERIES;
    for (int64_t r = 0; r < first && r < tile->queries; r += VF_LANES) {
      const vm sees = vi_gt(vi_iota(), vi_set1((integer)(first - r - 1)));
      vf_store(row + r, vf_select(sees, vf_load(row + r), hidden));
    }
  }
}

/// The scores of a tile, with what is added to them: K · Q^T, of queries that are turned and scaled.
CK_INLINE void attention_scores(const attention_task *task, const attention_tile *tile, const real *turned,
                                real *scores) {
  const int64_t key_head = tile->head / (task->heads / task->key_heads);
  const int64_t width = (tile->queries + VF_LANES - 1) / VF_LANES * VF_LANES;
  attention_multiply(scores, ATTENTION_QUERIES, attention_row(&task->k, tile->batch, key_head, tile->key, 3),
                     task->k.strides[3], 1, turned, ATTENTION_QUERIES, tile->keys, width, task->features, false);
  if (task->kind != CK_ATTENTION_UNMASKED) attention_add_mask(task, tile, scores);
  if (task->is_causal && tile->key + tile->keys > tile->query + 1) attention_hide_later(tile, scores);
}

/// kept[key][query] = what a tile's weights are multiplied by: 0 where they are dropped, else 1 / (1 - probability).
static void attention_keep(const attention_task *task, const attention_tile *tile, real *kept, uint8_t *bytes) {
  const int64_t head = tile->batch * task->heads + tile->head;
  const vf scale = vf_set1(task->kept_scale), zero = vf_zero();
  for (int64_t r = 0; r < tile->queries; r += VF_LANES) {
    const int64_t lines = tile->queries - r < VF_LANES ? tile->queries - r : VF_LANES;
    int64_t skipped[VF_LANES];
    for (int64_t i = 0; i < lines; i++) {
      const int64_t first = (head * task->queries + tile->query + r + i) * task->keys + tile->key;
      skipped[i] = first % 4;
      attention_draw(task->seed, task->stream, task->bound, first, tile->keys, bytes + i * CK_ATTENTION_KEPT_BYTES);
    }
    for (int64_t j = 0; j < tile->keys; j += VF_LANES) {
      vf square[VF_LANES];
      for (int64_t i = 0; i < VF_LANES; i++) {
        if (i >= lines) {
          square[i] = zero;
          continue;
        }
        square[i] = vf_select(vm_load_bytes(bytes + i * CK_ATTENTION_KEPT_BYTES + skipped[i] + j), scale, zero);
      }
      vf_transpose(square);
      // A tile has room for whole vectors of keys.
#pragma clang loop unroll(full)
      for (int l = 0; l < VF_LANES; l++) vf_store(kept + (j + l) * ATTENTION_QUERIES + r, square[l]);
    }
  }
}
_Static_assert(ATTENTION_KEYS % VF_LANES == 0 && ATTENTION_QUERIES % VF_LANES == 0, "tiles are whole vectors");
