// How operands of any strides meet an operation's inner loop, which knows only elements side by side.
//
// Operands that lie so are computed with where they are. Others are gathered into a tile, a buffer that stays in the
// nearest cache, or scattered from one, whatever the operation: bits are moved, and only their size matters.
#ifndef CK_POINTWISE_TILES_H
#define CK_POINTWISE_TILES_H

#include "walk.h"

enum {
  /// Elements of a tile.
  CK_TILE_ELEMENTS = 256,
  /// The shortest rows that are worth an inner loop of their own where no operand needs a tile.
  CK_SHORTEST_ROW = 8,
  /// The inner loop may store past the caches; the fence is the caller's.
  CK_STREAMS = 1,
};

/// Says that the inner loop gets one element of operand `o`, an input, for all.
#define CK_REPEATS(o) (1u << (o))

/// What there is in place of operands: of those of an inner loop with fewer than four the last is the attributes.
#define CK_NO_OPERANDS(launch) {NULL, NULL, NULL, (void *)&(launch)->attributes}

/// The inner loop of an operation: `count` elements of each operand, at least one. `how` has CK_STREAMS and CK_REPEATS.
/// Operands come in registers, those that there are; the attributes come as the fourth where that is none.
#define CK_DENSE(name)                                                                                                \
  void name(__attribute__((unused)) void *first, __attribute__((unused)) const void *second,                          \
            __attribute__((unused)) const void *third, __attribute__((unused)) const void *fourth, int64_t count,     \
            __attribute__((unused)) unsigned how)
typedef CK_DENSE((*ck_dense));

/// What an inner loop takes: the number of operands, which of them it takes repeated, and the logarithms of their
/// elements' sizes.
typedef struct ck_operands {
  uint8_t count, repeats, sizes[4];
} ck_operands;
#define CK_SIZE_OF(type) (sizeof(type) == 8 ? 3 : sizeof(type) == 4 ? 2 : sizeof(type) == 2 ? 1 : 0)

typedef uint8_t ck_bits_8 __attribute__((may_alias));
typedef uint16_t ck_bits_16 __attribute__((may_alias));
typedef uint32_t ck_bits_32 __attribute__((may_alias));
typedef uint64_t ck_bits_64 __attribute__((may_alias));

/// Moves elements between places at steps of any size; a step of zero in `from` repeats one.
CK_APART void ck_move(void *to, int64_t to_step, const void *from, int64_t from_step,
                                              int64_t count, int size) {
#define CK_MOVE(T)                                                                         \
  if (from_step == 0 && to_step == 1) {                                                    \
    const T value = *(const T *)from;                                                      \
    for (int64_t i = 0; i < count; i++) ((T *)to)[i] = value;                              \
  } else {                                                                                 \
    _Pragma("clang loop vectorize(disable) unroll_count(4)") for (int64_t i = 0; i < count; i++) { \
      ((T *)to)[i * to_step] = ((const T *)from)[i * from_step];                           \
    }                                                                                      \
  }
  switch (size) {
    case 0: CK_MOVE(ck_bits_8) break;
    case 1: CK_MOVE(ck_bits_16) break;
    case 2: CK_MOVE(ck_bits_32) break;
    default: CK_MOVE(ck_bits_64) break;
  }
#undef CK_MOVE
}

/// Gathers elements `first` and on of the row-major space from operand `o` into `tile`, or scatters them from there.
CK_APART void ck_move_tile(void *tile, const ck_launch *launch, int o, int size, int64_t first,
                                                   int64_t count, bool gathers) {
  const int last = launch->rank - 1;
  const int64_t *strides = launch->operands[o].strides;
  int64_t index[CK_MAX_RANK], offset = 0;
  for (int d = last; d >= 0; d--) {
    index[d] = first % launch->shape[d];
    first /= launch->shape[d];
    offset += index[d] * strides[d];
  }
  char *data = launch->operands[o].data, *at = tile;
  for (;;) {
    const int64_t left = launch->shape[last] - index[last], some = left < count ? left : count;
    char *place = data + (offset << size);
    if (gathers) {
      ck_move(at, 1, place, strides[last], some, size);
    } else {
      ck_move(place, strides[last], at, 1, some, size);
    }
    if ((count -= some) == 0) return;
    at += some << size;
    // To the start of the next row, as an odometer turns.
    offset -= index[last] * strides[last];
    index[last] = 0;
    for (int d = last - 1; d >= 0; d--) {
      offset += strides[d];
      if (++index[d] < launch->shape[d]) break;
      offset -= index[d] * strides[d];
      index[d] = 0;
    }
  }
}

/// Whether elements of operand `o` lie in the order of the row-major space, without gaps.
static inline bool ck_is_flat(const ck_launch *launch, int o) {
  int64_t step = 1;
  for (int d = launch->rank - 1; d >= 0; d--) {
    if (launch->shape[d] != 1 && launch->operands[o].strides[d] != step) return false;
    step *= launch->shape[d];
  }
  return true;
}

/// The same number, of which the compiler cannot tell that others are computed with alike. It would gather those of all
/// operands into a vector, which takes longer than an operation on one element.
CK_INLINE int64_t ck_alone(int64_t number) {
  __asm__("" : "+r"(number));
  return number;
}

typedef struct ck_pointwise {
  ck_dense dense;
  ck_operands of;
  /// Of rows whose operands are all taken where they lie.
  unsigned how;
} ck_pointwise;

/// Whether the inner loop takes operand `o` along rows where it lies.
static inline bool ck_is_direct(const ck_launch *launch, ck_operands of, int o) {
  const int64_t step = launch->operands[o].strides[launch->rank - 1];
  return step == 1 || (step == 0 && (of.repeats & CK_REPEATS(o)));
}

/// Rows too short for an inner loop each: pieces of the space as long as a tile, over as many rows as they take.
CK_APART void ck_pointwise_short_rows(const ck_launch *launch, int64_t begin, int64_t end,
                                                              ck_pointwise operation) {
  _Alignas(64) char tiles[4][CK_TILE_ELEMENTS * 8];
  const ck_operands of = operation.of;
  bool is_flat[4];
  CK_EACH_OPERAND for (int o = 0; o < of.count; o++) is_flat[o] = ck_is_flat(launch, o);
  for (int64_t first = begin; first < end; first += CK_TILE_ELEMENTS) {
    const int64_t count = end - first < CK_TILE_ELEMENTS ? end - first : CK_TILE_ELEMENTS;
    void *operands[4] = CK_NO_OPERANDS(launch);
    CK_EACH_OPERAND for (int o = 0; o < of.count; o++) {
      operands[o] = is_flat[o] ? (char *)launch->operands[o].data + (first << of.sizes[o]) : tiles[o];
      if (o > 0 && !is_flat[o]) ck_move_tile(tiles[o], launch, o, of.sizes[o], first, count, true);
    }
    operation.dense(operands[0], operands[1], operands[2], operands[3], count, launch->streams && is_flat[0] ? CK_STREAMS : 0);
    if (!is_flat[0]) ck_move_tile(tiles[0], launch, 0, of.sizes[0], first, count, false);
  }
}

/// A row of which some operands need a tile.
CK_APART void ck_pointwise_tiled_row(const ck_launch *launch, const ck_row *row,
                                                             ck_pointwise operation) {
  _Alignas(64) char tiles[4][CK_TILE_ELEMENTS * 8];
  const ck_operands of = operation.of;
  unsigned how = launch->streams && ck_is_direct(launch, of, 0) ? CK_STREAMS : 0;
  for (int64_t first = 0; first < row->count; first += CK_TILE_ELEMENTS) {
    const int64_t count = row->count - first < CK_TILE_ELEMENTS ? row->count - first : CK_TILE_ELEMENTS;
    void *operands[4] = CK_NO_OPERANDS(launch), *place = NULL;
    CK_EACH_OPERAND for (int o = 0; o < of.count; o++) {
      const int64_t step = launch->operands[o].strides[launch->rank - 1];
      place = (char *)launch->operands[o].data + ((row->offsets[o] + first * step) << of.sizes[o]);
      operands[o] = tiles[o];
      if (ck_is_direct(launch, of, o)) {
        operands[o] = place;
        if (step == 0) how |= CK_REPEATS(o);
      } else if (o > 0 && (step != 0 || first == 0)) {
        // One that is repeated stays in its tile.
        ck_move(tiles[o], 1, place, step, count, of.sizes[o]);
      }
    }
    operation.dense(operands[0], operands[1], operands[2], operands[3], count, how);
    if (operands[0] == tiles[0]) {
      const int64_t step = launch->operands[0].strides[launch->rank - 1];
      place = (char *)launch->operands[0].data + ((row->offsets[0] + first * step) << of.sizes[0]);
      ck_move(place, step, tiles[0], 1, count, of.sizes[0]);
    }
  }
}

CK_INLINE void ck_pointwise_row(const ck_launch *launch, const ck_row *row, const void *context) {
  const ck_pointwise *operation = context;
  const ck_operands of = operation->of;
  void *operands[4] = CK_NO_OPERANDS(launch);
  unsigned how = launch->streams ? CK_STREAMS : 0;
  CK_EACH_OPERAND for (int o = 0; o < of.count; o++) {
    operands[o] = (char *)launch->operands[o].data + (row->offsets[o] << of.sizes[o]);
    // A row of one element has no step.
    if (row->count == 1) continue;
    if (!ck_is_direct(launch, of, o)) {
      ck_pointwise_tiled_row(launch, row, *operation);
      return;
    }
    if (launch->operands[o].strides[launch->rank - 1] == 0) how |= CK_REPEATS(o);
  }
  operation->dense(operands[0], operands[1], operands[2], operands[3], row->count, how);
}

/// A row of which no operand needs a tile.
CK_INLINE void ck_pointwise_direct_row(const ck_launch *launch, const ck_row *row, const void *context) {
  const ck_pointwise *operation = context;
  void *operands[4] = CK_NO_OPERANDS(launch);
  CK_EACH_OPERAND for (int o = 0; o < operation->of.count; o++) {
    operands[o] = (char *)launch->operands[o].data + (ck_alone(row->offsets[o]) << operation->of.sizes[o]);
  }
  operation->dense(operands[0], operands[1], operands[2], operands[3], row->count, operation->how);
}

/// Runs an operation over the elements `begin ..< end`, whatever the strides.
CK_APART void ck_pointwise_items(const ck_launch *launch, int64_t begin, int64_t end, ck_dense dense, ck_operands of) {
  ck_pointwise operation = {dense, of, launch->streams ? CK_STREAMS : 0};
  if (begin >= end) return;
  bool is_direct = launch->rank > 1;
  CK_EACH_OPERAND for (int o = 0; o < of.count; o++) {
    is_direct = is_direct && ck_is_direct(launch, of, o);
    if (is_direct && launch->operands[o].strides[launch->rank - 1] == 0) operation.how |= CK_REPEATS(o);
  }
  if (launch->rank > 1 && launch->shape[launch->rank - 1] < (is_direct ? CK_SHORTEST_ROW : CK_TILE_ELEMENTS)) {
    ck_pointwise_short_rows(launch, begin, end, operation);
  } else if (is_direct) {
    // Constants make the walk short.
    switch (of.count) {
      case 2: ck_walk_rows(launch, begin, end, 2, ck_pointwise_direct_row, &operation); break;
      case 3: ck_walk_rows(launch, begin, end, 3, ck_pointwise_direct_row, &operation); break;
      default: ck_walk_rows(launch, begin, end, 4, ck_pointwise_direct_row, &operation); break;
    }
  } else {
    ck_walk_rows(launch, begin, end, of.count, ck_pointwise_row, &operation);
  }
  if (launch->streams) vf32_streaming_fence();
}

/// As `ck_pointwise_items`: the body of every tile function that has an inner loop, with constants for all but the
/// launch. Elements that lie side by side, or a single one, go straight to the inner loop.
CK_INLINE void ck_pointwise_tile(const ck_launch *launch, int64_t begin, int64_t end, ck_dense dense, ck_operands of) {
  if (launch->rank <= 1 && begin < end) {
    void *operands[4] = CK_NO_OPERANDS(launch);
    unsigned how = launch->streams ? CK_STREAMS : 0;
    bool is_direct = true;
#pragma clang loop unroll(full)
    for (int o = 0; o < of.count; o++) {
      // Without dimensions there is one element, the first.
      const int64_t step = ck_alone(launch->operands[o].strides[0]);
      operands[o] = (char *)launch->operands[o].data + ((begin == 0 ? 0 : begin * step) << of.sizes[o]);
      if (step == 1 || end - begin == 1) continue;
      if (step == 0 && (of.repeats & CK_REPEATS(o))) {
        how |= CK_REPEATS(o);
      } else {
        is_direct = false;
      }
    }
    if (is_direct) {
      dense(operands[0], operands[1], operands[2], operands[3], end - begin, how);
      if (launch->streams) vf32_streaming_fence();
      return;
    }
  }
  ck_pointwise_items(launch, begin, end, dense, of);
}

/// Defines the tile function of an operation with the inner loop `dense` over operands of these types.
#define CK_POINTWISE(op, dtype, dense, operand_count, repeats, T0, T1, T2, T3)                                    \
  CK_TILE(op, dtype) {                                                                                            \
    (void)scratch;                                                                                                \
    ck_pointwise_tile(launch, begin, end, dense,                                                                  \
                      (ck_operands){operand_count, repeats,                                                      \
                                     {CK_SIZE_OF(T0), CK_SIZE_OF(T1), CK_SIZE_OF(T2), CK_SIZE_OF(T3)}});          \
  }

#endif
