// Random numbers for AVX-512.
#define CK_FAMILY "../random/random.h"
#include "../avx512.h"
