// Window kernels for any CPU.
#define CK_FAMILY "../windows/windows.h"
#include "../baseline.h"
