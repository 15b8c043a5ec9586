// The row kernels. Included for float32 and float64 by rows.h.
#include "contiguous.h"
#include "group.h"
#include "statistics.h"
#include "log_softmax.h"
#include "softmax.h"
#include "cross_entropy.h"
#include "norm_forward.h"
#include "norm_backward.h"
