// Channel kernels for AVX2.
#define CK_FAMILY "../channels/channels.h"
#include "../avx2.h"
