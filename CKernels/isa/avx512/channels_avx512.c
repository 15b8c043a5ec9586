// Channel kernels for AVX-512.
#define CK_FAMILY "../channels/channels.h"
#include "../avx512.h"
