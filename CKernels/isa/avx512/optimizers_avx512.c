// Optimizer steps for AVX-512.
#define CK_FAMILY "../optimizers/optimizers.h"
#include "../avx512.h"
