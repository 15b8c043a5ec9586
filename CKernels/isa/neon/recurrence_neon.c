// Recurrent layers for NEON.
#define CK_FAMILY "../recurrence/recurrence.h"
#include "../neon.h"
