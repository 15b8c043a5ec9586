// Rows of a table, added up, averaged or compared over bags of them.
//
// The shape is {bags, features}. `indices` are rows of the table, side by side and checked by the caller; bag b has those
// from offsets[b] up to offsets[b + 1]. Row integers[1] stands for padding and is passed over; -1 for none. The features
// of a row lie side by side. 16-bit elements are computed with as float32.
#ifndef CK_INDEXING_EMBEDDING_BAG_H
#define CK_INDEXING_EMBEDDING_BAG_H

#include "index.h"

enum {
  CK_BAG_SUM,
  CK_BAG_MEAN,
  CK_BAG_MAX,
  /// Vectors of a bag that are added up side by side.
  CK_BAG_VECTORS = 4,
  /// Columns of an item of the backward pass.
  CK_BAG_COLUMNS = 64,
};

#define CK_BODY "../indexing/embedding_bag_floats.h"
#include "../simd/each_float.h"

#endif
