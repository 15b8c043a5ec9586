// Which ISAs a build has kernels for, and how a tile function of one is named: ck_<op>_<dtype>_<isa>.
#ifndef CK_SIMD_ISA_H
#define CK_SIMD_ISA_H

// Kernel bodies are compiled with a `target` attribute on every function; what they use of the C library is
// included here, before that attribute is in force.
#include <float.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "../include/ckernels.h"

// `bool` is part of kernel names, which a macro of that name would rewrite to `_Bool` on the way.
#undef bool
typedef _Bool bool;

/// For the small functions that kernels are made of. Like the compiler's own intrinsics they are stepped over by a
/// debugger: describing every place where they are inlined would take a third of the compiler's time.
#define CK_INLINE static inline __attribute__((always_inline, nodebug))

/// For what is compiled once and called, though the compiler would rather have it in line.
#define CK_APART static inline __attribute__((noinline))

/// The head of a tile function as an ISA's header names it.
#define CK_TILE_HEAD(op, dtype, isa) \
  void ck_##op##_##dtype##_##isa(const ck_launch *launch, int64_t begin, int64_t end, void *scratch)

#if defined(__x86_64__)
#define CK_BUILDS_X86 1
#elif defined(__aarch64__)
#define CK_BUILDS_ARM64 1
#endif

// The package can leave instruction sets out of a build: see WEFT_WITHOUT_ISAS there.
#if CK_BUILDS_X86 && !defined(CK_WITHOUT_AVX2)
#define CK_BUILDS_AVX2 1
#define CK_FOR_AVX2(...) __VA_ARGS__
#else
#define CK_FOR_AVX2(...)
#endif
#if CK_BUILDS_X86 && !defined(CK_WITHOUT_AVX512)
#define CK_BUILDS_AVX512 1
#define CK_FOR_AVX512(...) __VA_ARGS__
#else
#define CK_FOR_AVX512(...)
#endif
#if CK_BUILDS_ARM64 && !defined(CK_WITHOUT_NEON)
#define CK_BUILDS_NEON 1
#define CK_FOR_NEON(...) __VA_ARGS__
#else
#define CK_FOR_NEON(...)
#endif

#define CK_DECLARE_TILES(op, dtype)                \
  CK_TILE_HEAD(op, dtype, baseline);               \
  CK_FOR_NEON(CK_TILE_HEAD(op, dtype, neon);)      \
  CK_FOR_AVX2(CK_TILE_HEAD(op, dtype, avx2);)      \
  CK_FOR_AVX512(CK_TILE_HEAD(op, dtype, avx512);)
#define CK_LIST_TILES(op, dtype)                                         \
  {                                                                      \
    [CK_ISA_BASELINE] = ck_##op##_##dtype##_baseline,                    \
    CK_FOR_NEON([CK_ISA_NEON] = ck_##op##_##dtype##_neon, )              \
    CK_FOR_AVX2([CK_ISA_AVX2] = ck_##op##_##dtype##_avx2, )              \
    CK_FOR_AVX512([CK_ISA_AVX512] = ck_##op##_##dtype##_avx512, )        \
  }

#endif
