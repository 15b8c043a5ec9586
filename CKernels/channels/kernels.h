// The kernels that read elements. Included for each floating-point type by channels.h.
#include "sums.h"
#include "statistics.h"
#include "normalize.h"
