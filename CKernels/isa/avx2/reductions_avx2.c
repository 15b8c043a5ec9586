// Reductions for AVX2.
#define CK_FAMILY "../reductions/reductions.h"
#include "../avx2.h"
