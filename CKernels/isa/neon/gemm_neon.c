// Matrix products for NEON.
#define CK_FAMILY "../gemm/gemm.h"
#include "../neon.h"
