// Indexing kernels for AVX-512.
#define CK_FAMILY "../indexing/indexing.h"
#include "../avx512.h"
