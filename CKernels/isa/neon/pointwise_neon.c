// Pointwise kernels for NEON.
#define CK_FAMILY "../pointwise/pointwise.h"
#include "../neon.h"
