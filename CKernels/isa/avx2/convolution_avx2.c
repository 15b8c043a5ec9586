// Convolutions for AVX2.
#define CK_FAMILY "../convolution/convolution.h"
#include "../avx2.h"
