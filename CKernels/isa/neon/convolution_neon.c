// Convolutions for NEON.
#define CK_FAMILY "../convolution/convolution.h"
#include "../neon.h"
