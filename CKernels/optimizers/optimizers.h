// Optimizer steps, each one pass over all parameters; items are the elements of all of them.
#ifndef CK_OPTIMIZERS_H
#define CK_OPTIMIZERS_H

#include "../simd/elements.h"
#include "segments.h"

#define CK_BODY "../optimizers/sgd.h"
#include "../simd/each_width.h"
#define CK_BODY "../optimizers/adam.h"
#include "../simd/each_width.h"

#endif
