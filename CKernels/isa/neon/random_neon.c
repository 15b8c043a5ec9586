// Random numbers for NEON.
#define CK_FAMILY "../random/random.h"
#include "../neon.h"
