// Channel kernels for NEON.
#define CK_FAMILY "../channels/channels.h"
#include "../neon.h"
