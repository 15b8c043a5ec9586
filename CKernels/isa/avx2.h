// Compiles one family for AVX2 with FMA and F16C.
// Each file in this ISA's folder names the bodies in CK_FAMILY, a path from here.
#include "../simd/isa.h"

#if CK_BUILDS_AVX2

#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#include "../simd/avx2.h"
#include CK_FAMILY
#pragma clang attribute pop

#endif
