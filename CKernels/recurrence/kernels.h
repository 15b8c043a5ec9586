// The kernels of recurrent layers. Included for each floating-point type by recurrence.h.
#include "layer.h"
#include "forward_cells.h"
#include "forward.h"
#include "backward_cells.h"
#include "backward.h"
