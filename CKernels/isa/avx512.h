// Compiles one family for AVX-512.
// Each file in this ISA's folder names the bodies in CK_FAMILY, a path from here.
#include "../simd/isa.h"

#if CK_BUILDS_AVX512

#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma"))), apply_to = function)
#include "../simd/avx512.h"
#include CK_FAMILY
#pragma clang attribute pop

#endif
