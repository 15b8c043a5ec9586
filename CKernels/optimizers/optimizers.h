// Optimizer steps, each one pass over all parameters; items are the elements of all of them.
#ifndef CK_OPTIMIZERS_H
#define CK_OPTIMIZERS_H

#include "segments.h"
#include "sgd.h"
#include "adam.h"

#endif
