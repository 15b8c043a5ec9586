// Matrix products, f32: packing, the product with a packed B, and the product that reads B where it lies.
// Included once per ISA. Which of the two a shape takes, and with which blocks, is decided by
// `ck_gemm_make_plan` in gemm/plan.c. The order matters: each file uses those before it.
// clang-format off
#include "shapes.h"
#include "microkernel.h"
#include "pack.h"
#include "block.h"
#include "gemm_tile.h"
#include "dot.h"
#include "skinny.h"
#include "small.h"
// clang-format on
