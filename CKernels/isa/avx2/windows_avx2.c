// Window kernels for AVX2.
#define CK_FAMILY "../windows/windows.h"
#include "../avx2.h"
