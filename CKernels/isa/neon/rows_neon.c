// Row kernels for NEON.
#define CK_FAMILY "../rows/rows.h"
#include "../neon.h"
