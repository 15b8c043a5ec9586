// Includes CK_BODY, a file written against simd/names.h, for the types that are computed with, float32 last.
#undef CK_DTYPE
#undef CK_BITS
#define CK_BITS 64
#define CK_DTYPE f64
#include CK_BODY
#undef CK_DTYPE
#undef CK_BITS
#define CK_BITS 32
#define CK_DTYPE f32
#include CK_BODY
#undef CK_BODY
