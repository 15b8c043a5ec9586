// The kernels for NEON, which every AArch64 CPU has.
#include "../simd/isa.h"

#if CK_BUILDS_ARM64

#include <arm_neon.h>

#include "../simd/neon.h"
#include "bodies.h"

#endif
