// Pointwise kernels for AVX2.
#define CK_FAMILY "../pointwise/pointwise.h"
#include "../avx2.h"
