// Recurrent layers for AVX-512.
#define CK_FAMILY "../recurrence/recurrence.h"
#include "../avx512.h"
