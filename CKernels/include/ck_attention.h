// What a caller must know of the attention kernels: how queries are cut into items, and what scratch a thread needs.
#ifndef CK_ATTENTION_H
#define CK_ATTENTION_H

#include <stdint.h>

#include "ckernels.h"

enum {
  /// Queries of a tile, of float32 and of float64, and keys of one.
  CK_ATTENTION_QUERIES_F32 = 64,
  CK_ATTENTION_QUERIES_F64 = 48,
  CK_ATTENTION_KEYS = 64,
  /// Bytes that say which weights of a query stay, for the keys of a tile: these, what lies before them in the first
  /// block of random numbers, and as many blocks as are drawn at a time.
  CK_ATTENTION_KEPT_BYTES = CK_ATTENTION_KEYS + 4 + 64 + 12,
};

/// What a mask holds: nothing, truth values, of which true lets a key be seen, or numbers that are added to the scores.
typedef enum ck_attention_mask {
  CK_ATTENTION_UNMASKED,
  CK_ATTENTION_BOOL_MASK,
  CK_ATTENTION_ADDED_MASK,
} ck_attention_mask;

/// What the backward kernel reads besides its launch's operands. Strides are those of the launch's dimensions.
typedef struct ck_attention_inputs {
  ck_operand keys, values;
  /// What the forward kernel wrote.
  ck_operand out, log_sums;
  /// Not read where there is no mask.
  ck_operand mask;
} ck_attention_inputs;

/// Queries of a tile for elements of `element_bytes`, 4 or 8.
static inline int64_t ck_attention_queries(int64_t element_bytes) {
  return element_bytes == 8 ? CK_ATTENTION_QUERIES_F64 : CK_ATTENTION_QUERIES_F32;
}

/// The bytes of scratch that a thread needs for vectors of these sizes, forward or backward: a tile of queries and, for
/// the backward pass, of the result's gradients, turned; tiles of scores and of their gradients; a tile of masks; and the
/// bytes of dropout.
static inline int64_t ck_attention_scratch(int64_t element_bytes, int64_t features, int64_t value_features) {
  const int64_t queries = ck_attention_queries(element_bytes);
  return queries * (features + value_features + 3 * CK_ATTENTION_KEYS) * element_bytes +
         queries * CK_ATTENTION_KEPT_BYTES;
}

#endif
