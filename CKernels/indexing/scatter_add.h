// Adding each input to one indexed element.
#ifndef CK_INDEXING_SCATTER_ADD_H
#define CK_INDEXING_SCATTER_ADD_H

#include "index.h"

#define CK_BODY "../indexing/scatter_add_floats.h"
#include "../simd/each_float.h"

#endif
