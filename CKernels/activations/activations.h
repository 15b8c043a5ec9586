// Activation functions that take numbers of their own or are seldom fused, and their derivatives.
//
// Items are elements, as in pointwise/pointwise.h, whose rules of layout and aliasing hold. Forward: operands out, x.
// Backward: operands out, incoming gradient, x. What a function's numbers are is said with it; they are numbers[0 ..< 6],
// and behind those the bits of doubles in integers[0 ..< 6], read as doubles and rounded to the type computed with.
#ifndef CK_ACTIVATIONS_H
#define CK_ACTIVATIONS_H

#include "../math/math.h"
#include "../simd/elements.h"
#include "../pointwise/tiles.h"

#define CK_BODY "../activations/curves.h"
#include "../simd/each_width.h"
#define CK_BODY "../activations/floats.h"
#include "../simd/each_float.h"

#endif
