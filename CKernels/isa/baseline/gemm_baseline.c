// Matrix products for any CPU.
#define CK_FAMILY "../gemm/gemm.h"
#include "../baseline.h"
