// Optimizer steps for AVX2.
#define CK_FAMILY "../optimizers/optimizers.h"
#include "../avx2.h"
