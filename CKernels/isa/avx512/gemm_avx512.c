// Matrix products for AVX-512.
#define CK_FAMILY "../gemm/gemm.h"
#include "../avx512.h"
