// Matrix products for AVX2.
#define CK_FAMILY "../gemm/gemm.h"
#include "../avx2.h"
