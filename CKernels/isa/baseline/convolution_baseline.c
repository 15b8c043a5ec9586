// Convolutions for any CPU.
#define CK_FAMILY "../convolution/convolution.h"
#include "../baseline.h"
