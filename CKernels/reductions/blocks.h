// What reductions are made of, and rows are normalised with: operations, cascades, and the order of elements.
#ifndef CK_REDUCTIONS_BLOCKS_H
#define CK_REDUCTIONS_BLOCKS_H

#include "combine.h"
#include "plan.h"
#include "spread.h"

#define CK_BODY "../reductions/combine_floats.h"
#include "../simd/each_width.h"
#define CK_BODY "../reductions/cascade.h"
#include "../simd/each_width.h"
#define CK_BODY "../reductions/spread_limits.h"
#include "../simd/each_width.h"

#endif
