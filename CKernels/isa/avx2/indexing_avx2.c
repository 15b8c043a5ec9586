// Indexing kernels for AVX2.
#define CK_FAMILY "../indexing/indexing.h"
#include "../avx2.h"
