// The kernels for AVX-512.
#include "../simd/isa.h"

#if CK_BUILDS_X86

#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma"))), apply_to = function)
#include "../simd/avx512.h"
#include "bodies.h"
#pragma clang attribute pop

#endif
