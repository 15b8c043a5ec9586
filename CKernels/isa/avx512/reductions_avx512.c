// Reductions for AVX-512.
#define CK_FAMILY "../reductions/reductions.h"
#include "../avx512.h"
