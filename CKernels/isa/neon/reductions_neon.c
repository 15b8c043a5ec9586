// Reductions for NEON.
#define CK_FAMILY "../reductions/reductions.h"
#include "../neon.h"
