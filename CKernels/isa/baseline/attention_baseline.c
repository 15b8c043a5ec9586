// Attention for any CPU.
#define CK_FAMILY "../attention/attention.h"
#include "../baseline.h"
