// What is the same for all types that are computed with alike. Included for float32 and float64 by gemm.h.
#include "microkernel.h"
#include "transpose.h"
