// Activation kernels for any CPU.
#define CK_FAMILY "../activations/activations.h"
#include "../baseline.h"
