// Optimizer steps, each one pass over contiguous operands of rank 1; items are elements.
#ifndef CK_OPTIMIZERS_H
#define CK_OPTIMIZERS_H

#include "sgd.h"
#include "adam.h"

#endif
