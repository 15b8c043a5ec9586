// What a family's bodies need to go through elements of any floating-point type.
#ifndef CK_SIMD_ELEMENTS_H
#define CK_SIMD_ELEMENTS_H

/// Tells the compiler, which makes vectors of the loop, that no element depends on an earlier one.
#define CK_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")

#include "loops.h"
#define CK_BODY "../simd/lanes.h"
#include "each_float.h"

#endif
