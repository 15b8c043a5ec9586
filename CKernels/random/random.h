// Random numbers: operand out, contiguous, rank 1; items are elements.
//
// integers[0] is the seed and integers[1] the stream. Element i depends on the seed, the stream and i alone,
// so any cut of the range, any number of threads and, for `uniform` and `bernoulli`, any ISA gives the same
// bits. `normal` uses fused multiplies where the ISA has them.
#ifndef CK_RANDOM_H
#define CK_RANDOM_H

#include "../math/math.h"
#include "philox.h"
#include "distributions.h"
#include "doubles.h"
#include "integers.h"
#include "choice.h"

/// The element before x, which is not -infinity.
CK_INLINE float ck_below_f32(float x) { return nextafterf(x, -INFINITY); }
CK_INLINE uint16_t ck_below_half(uint16_t bits) {
  if ((bits & 0x7fff) == 0) return 0x8001;
  return (uint16_t)(bits & 0x8000 ? bits + 1 : bits - 1);
}
CK_INLINE ck_f16 ck_below_f16(ck_f16 x) { return (ck_f16){ck_below_half(x.bits)}; }
CK_INLINE ck_bf16 ck_below_bf16(ck_bf16 x) { return (ck_bf16){ck_below_half(x.bits)}; }

#define CK_BODY "../random/singles.h"
#include "../simd/each_single.h"

#endif
