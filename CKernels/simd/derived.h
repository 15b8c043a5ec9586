// The part of the vector vocabulary that is the same on every ISA, written with the rest of it.
#ifndef CK_SIMD_DERIVED_H
#define CK_SIMD_DERIVED_H

#include "names.h"

/// Keeps the compiler from unrolling a loop over a few lanes into more code than it can ever repay.
#define CK_SHORT_LOOP _Pragma("clang loop vectorize(disable) unroll(disable)")

#define CK_BITS 32
#include "derived_reals.h"
#undef CK_BITS
#define CK_BITS 64
#include "derived_reals.h"
#undef CK_BITS

/// Stores past the caches, where `p` is aligned to the vector's size. `vf32_streaming_fence` must follow before
/// another thread may read what was stored.
CK_INLINE void vf32_store_streaming(float *p, vf32 v) { __builtin_nontemporal_store(v, (vf32 *)p); }
CK_INLINE void vf32_streaming_fence(void) {
#if CK_BUILDS_X86
  __builtin_ia32_sfence();
#endif
}

/// Asks for the cache line at p. Any address is allowed.
CK_INLINE void vf32_prefetch(const void *p) { __builtin_prefetch(p, 0, 3); }

#endif
