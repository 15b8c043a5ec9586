// Normalising rows: softmax, log-softmax, cross-entropy, layer norm and RMS norm, forward and
// backward.
//
// The launch's shape is [outer dimensions..., n]; items are rows, and a row's n elements lie along the last
// dimension. Operands have any strides. A floating-point output may alias an input exactly (same data, same strides).
// Errors are stated for float32; in float64 2^-53 takes the place of 2^-24.
#ifndef CK_ROWS_H
#define CK_ROWS_H

#include "../math/math.h"
#include "../simd/elements.h"
#include "../reductions/blocks.h"
#include "names.h"
#define CK_BODY "../reductions/block_floats.h"
#include "../simd/each_width.h"
#define CK_BODY "../reductions/spread_measure.h"
#include "../simd/each_width.h"
#define CK_BODY "../simd/strided.h"
#include "../simd/each_width.h"
#define CK_BODY "../rows/kernels.h"
#include "../simd/each_width.h"

#endif
