// Optimizer steps for any CPU.
#define CK_FAMILY "../optimizers/optimizers.h"
#include "../baseline.h"
