// Kernels whose items are elements of the row-major space `shape[0 ..< rank]`, each on its own.
//
// What holds for all of them: rank 0 is one element; every operand, the output too, has a stride per
// dimension; an input may lie exactly where the output lies (same data, same strides), and no other way of
// overlapping is allowed. 16-bit floats are computed with as float32 and rounded once. Bools are bytes, 0 or 1; a
// bool that is read counts as true unless it is 0.
#ifndef CK_POINTWISE_H
#define CK_POINTWISE_H

#include "../math/math.h"
#include "../simd/elements.h"
#include "tiles.h"
#include "scalar_loops.h"

#define CK_BODY "../pointwise/floats.h"
#include "../simd/each_float.h"
#define CK_BODY "../pointwise/functions.h"
#include "../simd/each_width.h"

// What moves elements and does not compute with them takes 16-bit floats as bits.
#define CK_BODY "../pointwise/select_vectors.h"
#include "../simd/each_width.h"

#include "integers.h"
#include "select.h"
#include "convert.h"
#define CK_BODY "../pointwise/transpose_vectors.h"
#include "../simd/each_width.h"
#include "copy.h"
#include "generate.h"

#endif
