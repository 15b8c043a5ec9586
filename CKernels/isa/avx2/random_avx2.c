// Random numbers for AVX2.
#define CK_FAMILY "../random/random.h"
#include "../avx2.h"
