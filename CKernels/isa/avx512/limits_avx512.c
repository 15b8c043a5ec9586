// The machine's limits for AVX-512.
#define CK_FAMILY "../limits/limits.h"
#include "../avx512.h"
