// Matrix products, f32: the product with a packed B, the packing, and the product without it.
// Which of the two a shape takes, and its blocking, is decided by `ck_gemm_make_plan` in gemm/plan.c.
#include "shapes.h"

#include "microkernel.h"

#include "pack.h"

#include "block.h"

#include "gemm_tile.h"

#include "dot.h"
#include "small.h"
