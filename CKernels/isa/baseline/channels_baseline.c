// Channel kernels for any CPU.
#define CK_FAMILY "../channels/channels.h"
#include "../baseline.h"
