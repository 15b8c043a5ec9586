// The machine's limits for NEON.
#define CK_FAMILY "../limits/limits.h"
#include "../neon.h"
