// Attention for NEON.
#define CK_FAMILY "../attention/attention.h"
#include "../neon.h"
