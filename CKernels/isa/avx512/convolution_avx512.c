// Convolutions for AVX-512.
#define CK_FAMILY "../convolution/convolution.h"
#include "../avx512.h"
