// Recurrent layers for any CPU.
#define CK_FAMILY "../recurrence/recurrence.h"
#include "../baseline.h"
