// The reductions of floats. Included for each floating-point type by reductions.h.
#include "store_floats.h"
#include "columns_floats.h"
#include "reduce_floats.h"
#include "argument_floats.h"
#include "spread_floats.h"
