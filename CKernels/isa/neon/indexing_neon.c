// Indexing kernels for NEON.
#define CK_FAMILY "../indexing/indexing.h"
#include "../neon.h"
