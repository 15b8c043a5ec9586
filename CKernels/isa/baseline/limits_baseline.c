// The machine's limits for any CPU.
#define CK_FAMILY "../limits/limits.h"
#include "../baseline.h"
