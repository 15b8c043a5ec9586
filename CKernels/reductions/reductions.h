// Reductions: sum, product, maximum, minimum, and where the maximum or minimum lies.
//
// The launch's shape is [kept dimensions..., reduced dimensions...]. integers[0] is the number of kept
// dimensions, integers[1] the number of parts and integers[2] the reduced elements of a part. Item
// part * kept_count + kept_index reduces the elements part * integers[2] ..< (part + 1) * integers[2] of the
// row-major reduced space, no further than its end, and is stored at out[item]: the output is dense, and its
// strides are not read. Operands are the output and the input, which do not overlap. (What is cumulative, and what
// orders rows, says in its own file what its launches are.)
#ifndef CK_REDUCTIONS_H
#define CK_REDUCTIONS_H

#include "../simd/elements.h"
#include "blocks.h"

#define CK_BODY "../reductions/block_floats.h"
#include "../simd/each_float.h"
#define CK_BODY "../reductions/spread_measure.h"
#include "../simd/each_float.h"
#define CK_BODY "../reductions/floats.h"
#include "../simd/each_float.h"
#define CK_BODY "../reductions/product_floats.h"
#include "../simd/each_width.h"

#include "argument_i64.h"
#include "cumulative.h"
#include "order.h"
#include "reduce_i64.h"

#endif
