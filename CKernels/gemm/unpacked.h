// The products that read B where it lies. Included for float32 and float64 by gemm.h.
#include "dot.h"
#include "skinny.h"
#include "small.h"
#include "turned.h"
