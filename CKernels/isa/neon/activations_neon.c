// Activation kernels for NEON.
#define CK_FAMILY "../activations/activations.h"
#include "../neon.h"
