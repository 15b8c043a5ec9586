// Window kernels for NEON.
#define CK_FAMILY "../windows/windows.h"
#include "../neon.h"
