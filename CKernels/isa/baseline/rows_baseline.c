// Row kernels for any CPU.
#define CK_FAMILY "../rows/rows.h"
#include "../baseline.h"
