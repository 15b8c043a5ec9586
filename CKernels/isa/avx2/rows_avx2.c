// Row kernels for AVX2.
#define CK_FAMILY "../rows/rows.h"
#include "../avx2.h"
