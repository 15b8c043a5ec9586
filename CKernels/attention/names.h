// What the attention kernels' files are written against, for the type at hand.
#ifndef CK_ATTENTION_NAMES_H
#define CK_ATTENTION_NAMES_H

#define ATTENTION_QUERIES_32 CK_ATTENTION_QUERIES_F32
#define ATTENTION_QUERIES_64 CK_ATTENTION_QUERIES_F64
/// Queries of a tile, and keys of one. Tiles of scores are [keys][queries].
#define ATTENTION_QUERIES CK_JOIN(ATTENTION_QUERIES_, CK_BITS)
#define ATTENTION_KEYS CK_ATTENTION_KEYS

enum {
  /// Vectors of queries that are gone through side by side, to hide the latency of exponentials and sums.
  ATTENTION_VECTORS = 4,
};

#define attention_add_mask CK_OF_REAL(attention_add_mask)
#define attention_add_square CK_OF_REAL(attention_add_square)
#define attention_backward_item CK_OF_REAL(attention_backward_item)
#define attention_backward_pairs CK_OF_REAL(attention_backward_pairs)
#define attention_backward_tile CK_OF_REAL(attention_backward_tile)
#define attention_clear CK_OF_REAL(attention_clear)
#define attention_deltas CK_OF_REAL(attention_deltas)
#define attention_exp CK_OF_REAL(attention_exp)
#define attention_finish CK_OF_REAL(attention_finish)
#define attention_forward_tile CK_OF_REAL(attention_forward_tile)
#define attention_gradients CK_OF_REAL(attention_gradients)
#define attention_hide_later CK_OF_REAL(attention_hide_later)
#define attention_keep CK_OF_REAL(attention_keep)
#define attention_multiply CK_OF_REAL(attention_multiply)
#define attention_pair CK_OF_REAL(attention_pair)
#define attention_rescale CK_OF_REAL(attention_rescale)
#define attention_row CK_OF_REAL(attention_row)
#define attention_scores CK_OF_REAL(attention_scores)
#define attention_soften CK_OF_REAL(attention_soften)
#define attention_soften_vectors CK_OF_REAL(attention_soften_vectors)
#define attention_square CK_OF_REAL(attention_square)
#define attention_state CK_OF_REAL(attention_state)
#define attention_task CK_OF_REAL(attention_task)
#define attention_task_of CK_OF_REAL(attention_task_of)
#define attention_tile CK_OF_REAL(attention_tile)
#define attention_turn CK_OF_REAL(attention_turn)

#endif
