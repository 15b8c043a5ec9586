// The kernels for AVX2 with FMA and F16C.
#include "../simd/isa.h"

#if CK_BUILDS_X86

#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#include "../simd/avx2.h"
#include "bodies.h"
#pragma clang attribute pop

#endif
