// Random numbers: operand out, contiguous, rank 1; items are elements.
//
// integers[0] is the seed and integers[1] the stream. Element i depends on the seed, the stream and i alone,
// so any cut of the range, any number of threads and, for `uniform` and `bernoulli`, any ISA gives the same
// bits. `normal` uses fused multiplies where the ISA has them.
#ifndef CK_RANDOM_H
#define CK_RANDOM_H

#include "philox.h"
#include "distributions.h"

#endif
