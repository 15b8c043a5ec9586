// Optimizer steps for NEON.
#define CK_FAMILY "../optimizers/optimizers.h"
#include "../neon.h"
