// Random numbers for any CPU.
#define CK_FAMILY "../random/random.h"
#include "../baseline.h"
