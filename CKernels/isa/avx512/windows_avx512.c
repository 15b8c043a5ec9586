// Window kernels for AVX-512.
#define CK_FAMILY "../windows/windows.h"
#include "../avx512.h"
