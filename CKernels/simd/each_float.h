// Includes CK_BODY, a file written against simd/names.h, for every floating-point type, float32 last.
#undef CK_DTYPE
#undef CK_BITS
#define CK_BITS 64
#define CK_DTYPE f64
#include CK_BODY
#include "each_single.h"
