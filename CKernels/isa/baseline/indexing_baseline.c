// Indexing kernels for any CPU.
#define CK_FAMILY "../indexing/indexing.h"
#include "../baseline.h"
