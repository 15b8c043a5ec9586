// Compiles one family for any CPU: what the compiler makes of portable vectors without an ISA's extensions.
// Each file in this ISA's folder names the bodies in CK_FAMILY, a path from here.
#include "../simd/isa.h"

#include "../simd/baseline.h"
#include CK_FAMILY
