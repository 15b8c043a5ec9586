// Pointwise kernels for any CPU.
#define CK_FAMILY "../pointwise/pointwise.h"
#include "../baseline.h"
