// Kernels whose items are elements of the row-major space `shape[0 ..< rank]`, each on its own.
//
// What holds for all of them: rank 0 is one element; every operand, the output too, has a stride per
// dimension; an input may lie exactly where the output lies (same data, same strides), and no other way of
// overlapping is allowed. Bools are bytes, 0 or 1; a bool that is read counts as true unless it is 0.
#ifndef CK_POINTWISE_H
#define CK_POINTWISE_H

#include "walk.h"
#include "vector_loops.h"
#include "scalar_loops.h"

#include "arithmetic.h"
#include "multiply_add.h"
#include "activation.h"
#include "transcendental.h"
#include "comparison.h"
#include "select.h"
#include "convert.h"
#include "copy.h"
#include "generate.h"

#endif
