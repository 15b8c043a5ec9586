// Orders of rows: all places sorted by their elements, or the first few of them.
//
// The launch's shape is [outer dimensions..., n]; items are rows, each of n elements along the last dimension. Operands
// are the output, int64 places along the row, and the input, with any strides; they do not overlap. integers[0] is 1
// where greater elements come first. NaN counts as greater than all numbers, -0 equals 0, and equal elements keep their
// order.
//
// An element becomes a key, an unsigned integer that is smaller the earlier it comes. So NaN, zeros and the direction
// are dealt with once, and rows are sorted by the keys' bytes, the last byte first: as many passes as there are bytes
// in which keys differ at all.
#ifndef CK_REDUCTIONS_ORDER_H
#define CK_REDUCTIONS_ORDER_H

#include "cumulative.h"

enum {
  /// Rows that are sorted by insertion: counting their bytes would take longer.
  ORDER_SHORT = 40,
};

CK_INLINE uint32_t order_key_f32(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  if (x != x) return UINT32_MAX;
  if (x == 0) bits = 0;
  return bits >> 31 != 0 ? ~bits : bits | (uint32_t)1 << 31;
}

CK_INLINE uint64_t order_key_f64(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  if (x != x) return UINT64_MAX;
  if (x == 0) bits = 0;
  return bits >> 63 != 0 ? ~bits : bits | (uint64_t)1 << 63;
}

CK_INLINE uint64_t order_key_i64(int64_t x) { return (uint64_t)x ^ (uint64_t)1 << 63; }

/// A key of 32 bits above a place of 32 bits, so that one comparison is of both.
typedef uint64_t order_word;
CK_INLINE order_word order_word_make(uint32_t key, int64_t place, uint64_t flip) {
  return (uint64_t)(key ^ (uint32_t)flip) << 32 | (uint64_t)place;
}
CK_INLINE int64_t order_word_place(order_word word) { return (int64_t)(word & UINT32_MAX); }
CK_INLINE unsigned order_word_byte(order_word word, int byte) { return (unsigned)(word >> (32 + 8 * byte)) & 255; }
CK_INLINE bool order_word_precedes(order_word a, order_word b) { return a < b; }

typedef struct order_pair {
  uint64_t key;
  int64_t place;
} order_pair;
CK_INLINE order_pair order_pair_make(uint64_t key, int64_t place, uint64_t flip) {
  return (order_pair){key ^ flip, place};
}
CK_INLINE int64_t order_pair_place(order_pair pair) { return pair.place; }
CK_INLINE unsigned order_pair_byte(order_pair pair, int byte) { return (unsigned)(pair.key >> (8 * byte)) & 255; }
CK_INLINE bool order_pair_precedes(order_pair a, order_pair b) {
  return a.key < b.key || (a.key == b.key && a.place < b.place);
}

/// Defines what sorts `count` entries of a type whose keys have `bytes` bytes: `<type>_sort` returns where they lie in
/// the end, at `entries` or at `spare`, which has room for as many. And `<type>_sink`, which puts `entry` at the root
/// of a heap of `count` entries, in place of the one there, and lets it sink: none precedes those above it.
#define CK_ORDER(type, bytes)                                                                             \
  CK_APART type *type##_sort(type *entries, type *spare, int64_t count) {                                 \
    if (count <= ORDER_SHORT) {                                                                           \
      for (int64_t i = 1; i < count; i++) {                                                               \
        type entry = entries[i];                                                                          \
        int64_t j = i;                                                                                    \
        for (; j > 0 && type##_precedes(entry, entries[j - 1]); j--) entries[j] = entries[j - 1];         \
        entries[j] = entry;                                                                               \
      }                                                                                                   \
      return entries;                                                                                     \
    }                                                                                                     \
    int64_t counts[bytes][256];                                                                           \
    memset(counts, 0, sizeof counts);                                                                     \
    for (int64_t i = 0; i < count; i++) {                                                                 \
      for (int b = 0; b < bytes; b++) counts[b][type##_byte(entries[i], b)]++;                            \
    }                                                                                                     \
    for (int b = 0; b < bytes; b++) {                                                                     \
      if (counts[b][type##_byte(entries[0], b)] == count) continue;                                       \
      int64_t first = 0;                                                                                  \
      for (int digit = 0; digit < 256; digit++) {                                                         \
        int64_t here = counts[b][digit];                                                                  \
        counts[b][digit] = first;                                                                         \
        first += here;                                                                                    \
      }                                                                                                   \
      for (int64_t i = 0; i < count; i++) spare[counts[b][type##_byte(entries[i], b)]++] = entries[i];    \
      type *sorted = spare;                                                                               \
      spare = entries;                                                                                    \
      entries = sorted;                                                                                   \
    }                                                                                                     \
    return entries;                                                                                       \
  }                                                                                                       \
  CK_APART void type##_sink(type *heap, int64_t count, int64_t place, type entry) {                       \
    for (int64_t child; (child = 2 * place + 1) < count; place = child) {                                 \
      if (child + 1 < count && type##_precedes(heap[child], heap[child + 1])) child++;                    \
      if (!type##_precedes(entry, heap[child])) break;                                                    \
      heap[place] = heap[child];                                                                          \
    }                                                                                                     \
    heap[place] = entry;                                                                                  \
  }
CK_ORDER(order_word, 4)
CK_ORDER(order_pair, 8)
#undef CK_ORDER

/// Defines the tile functions for elements of type T, whose entries are of `type`.
#define CK_ORDERS(dtype, T, type)                                                                         \
  /* All places. Scratch: two entries for each element of a row. */                                       \
  CK_TILE(argsort, dtype) {                                                                               \
    int32_t last = launch->rank - 1;                                                                      \
    int64_t n = launch->shape[last], so = launch->operands[0].strides[last], sx = launch->operands[1].strides[last]; \
    uint64_t flip = launch->attributes.integers[0] != 0 ? UINT64_MAX : 0;                                 \
    type *entries = scratch;                                                                              \
    for (int64_t item = begin; item < end; item++) {                                                      \
      int64_t *y = (int64_t *)launch->operands[0].data + cumulative_offset(launch, 0, item);              \
      const T *x = (const T *)launch->operands[1].data + cumulative_offset(launch, 1, item);              \
      for (int64_t i = 0; i < n; i++) entries[i] = type##_make(order_key_##dtype(x[i * sx]), i, flip);    \
      const type *sorted = type##_sort(entries, entries + n, n);                                          \
      for (int64_t i = 0; i < n; i++) y[i * so] = type##_place(sorted[i]);                                \
    }                                                                                                     \
  }                                                                                                       \
  /* The first integers[1] places, at least one and at most n. Scratch: an entry for each of them. */      \
  CK_TILE(argtop, dtype) {                                                                                \
    int32_t last = launch->rank - 1;                                                                      \
    int64_t n = launch->shape[last], so = launch->operands[0].strides[last], sx = launch->operands[1].strides[last]; \
    uint64_t flip = launch->attributes.integers[0] != 0 ? UINT64_MAX : 0;                                 \
    int64_t k = launch->attributes.integers[1];                                                           \
    type *heap = scratch;                                                                                 \
    for (int64_t item = begin; item < end; item++) {                                                      \
      int64_t *y = (int64_t *)launch->operands[0].data + cumulative_offset(launch, 0, item);              \
      const T *x = (const T *)launch->operands[1].data + cumulative_offset(launch, 1, item);              \
      for (int64_t i = 0; i < k; i++) heap[i] = type##_make(order_key_##dtype(x[i * sx]), i, flip);       \
      for (int64_t i = k / 2 - 1; i >= 0; i--) type##_sink(heap, k, i, heap[i]);                          \
      for (int64_t i = k; i < n; i++) {                                                                   \
        type entry = type##_make(order_key_##dtype(x[i * sx]), i, flip);                                  \
        if (type##_precedes(entry, heap[0])) type##_sink(heap, k, 0, entry);                              \
      }                                                                                                   \
      /* What is at the root comes last of those left. */                                                 \
      for (int64_t left = k; left > 1; left--) {                                                          \
        type worst = heap[0];                                                                             \
        type##_sink(heap, left - 1, 0, heap[left - 1]);                                                   \
        heap[left - 1] = worst;                                                                           \
      }                                                                                                   \
      for (int64_t i = 0; i < k; i++) y[i * so] = type##_place(heap[i]);                                  \
    }                                                                                                     \
  }
CK_ORDERS(f32, float, order_word)
CK_ORDERS(f64, double, order_pair)
CK_ORDERS(i64, int64_t, order_pair)
#undef CK_ORDERS

#endif
