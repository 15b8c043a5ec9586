// Attention for AVX2.
#define CK_FAMILY "../attention/attention.h"
#include "../avx2.h"
