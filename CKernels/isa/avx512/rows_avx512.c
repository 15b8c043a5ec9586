// Row kernels for AVX-512.
#define CK_FAMILY "../rows/rows.h"
#include "../avx512.h"
