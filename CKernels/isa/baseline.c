// The kernels for any CPU: what the compiler makes of portable vectors without an ISA's extensions.
#include "../simd/isa.h"

#include "../simd/baseline.h"
#include "bodies.h"
