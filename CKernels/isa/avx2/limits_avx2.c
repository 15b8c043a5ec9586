// The machine's limits for AVX2.
#define CK_FAMILY "../limits/limits.h"
#include "../avx2.h"
