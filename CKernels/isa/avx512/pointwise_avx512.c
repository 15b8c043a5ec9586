// Pointwise kernels for AVX-512.
#define CK_FAMILY "../pointwise/pointwise.h"
#include "../avx512.h"
