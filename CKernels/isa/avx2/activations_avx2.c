// Activation kernels for AVX2.
#define CK_FAMILY "../activations/activations.h"
#include "../avx2.h"
