// Compiles one family for NEON, which every AArch64 CPU has.
// Each file in this ISA's folder names the bodies in CK_FAMILY, a path from here.
#include "../simd/isa.h"

#if CK_BUILDS_NEON

#include <arm_neon.h>

#include "../simd/neon.h"
#include CK_FAMILY

#endif
