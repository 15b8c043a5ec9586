// Recurrent layers for AVX2.
#define CK_FAMILY "../recurrence/recurrence.h"
#include "../avx2.h"
