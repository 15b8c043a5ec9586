// Adding to indexed slices of an array.
#ifndef CK_INDEXING_INDEX_ADD_H
#define CK_INDEXING_INDEX_ADD_H

#include "index.h"

enum {
  /// Columns of one item.
  INDEX_ADD_COLUMNS = 64,
};

#define CK_BODY "../indexing/index_add_floats.h"
#include "../simd/each_float.h"

#endif
