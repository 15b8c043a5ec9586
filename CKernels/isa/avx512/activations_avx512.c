// Activation kernels for AVX-512.
#define CK_FAMILY "../activations/activations.h"
#include "../avx512.h"
