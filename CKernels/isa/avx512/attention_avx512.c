// Attention for AVX-512.
#define CK_FAMILY "../attention/attention.h"
#include "../avx512.h"
