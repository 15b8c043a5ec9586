// Scaled dot-product attention (Vaswani et al., "Attention is all you need", 2017), forward and backward, without ever
// holding the scores of all pairs: tiles of queries and keys with a running maximum and sum (Milakov and Gimelshein,
// "Online normalizer calculation for softmax", 2018; Dao, "FlashAttention-2", 2023).
//
// Tiles of scores are kept turned, keys by queries. So the queries of a tile are its lanes: maxima and sums over keys
// take no step across lanes, and keys and values are read where they lie, as what the matrix product's micro-kernels
// broadcast or as their rows. Only the queries of a tile are copied, once for all keys.
//
// The launch's shape is {batch, heads, queries, keys, E + F}, where vectors of queries and keys have E elements and those
// of values F. Strides of operands: [0] batch, [1] head, [2] query, [3] key, [4] 1 along a vector; along a head those of
// keys and values are theirs. Elements of a vector lie side by side. integers: [0] heads of keys and values, which the
// number of heads is a multiple of, neighbours sharing one; [1] E; [2] a ck_attention_mask, plus 4 where query i sees
// no keys behind i; [3] seed and [4] stream of dropout. numbers: [0] what scores are multiplied by, [1] the probability
// with which a weight is kept, 1 for all.
//
// Weight j of query i in a head and batch is dropped where element ((batch * heads + head) * queries + i) * keys + j of
// the kernel `bernoulli_f32` with that seed and stream is 0.
#ifndef CK_ATTENTION_BODIES_H
#define CK_ATTENTION_BODIES_H

// clang-format off
#include "../include/ck_attention.h"
#include "../math/math.h"
#include "../simd/elements.h"
#include "../random/philox.h"
#include "../gemm/shapes.h"
#include "../gemm/names.h"
#define CK_BODY "../gemm/microkernel.h"
#include "../simd/each_width.h"
#include "names.h"
#include "kept.h"
#define CK_BODY "../attention/task.h"
#include "../simd/each_width.h"
#define CK_BODY "../attention/masks.h"
#include "../simd/each_width.h"
#define CK_BODY "../attention/forward.h"
#include "../simd/each_width.h"
#define CK_BODY "../attention/backward.h"
#include "../simd/each_width.h"
// clang-format on

#endif
