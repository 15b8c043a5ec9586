// Reductions for any CPU.
#define CK_FAMILY "../reductions/reductions.h"
#include "../baseline.h"
