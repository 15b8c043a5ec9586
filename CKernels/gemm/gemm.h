// Matrix products: packing, the product with a packed B, and the products that read B where it lies, which float16 and
// bfloat16 do not have. Which of them a shape takes, and with which blocks, is decided by `ck_gemm_make_plan` in
// gemm/plan.c. Included once per ISA. The order matters: each file uses those before it.
#ifndef CK_GEMM_BODIES_H
#define CK_GEMM_BODIES_H

// clang-format off
#include "../math/math.h"
#include "../simd/elements.h"
#include "shapes.h"
#include "names.h"
#include "panels.h"
#define CK_BODY "../gemm/microkernel.h"
#include "../simd/each_width.h"
#define CK_BODY "../gemm/microkernels.h"
#include "../simd/each_width.h"
#define CK_BODY "../gemm/multiply_panels.h"
#include "../simd/each_width.h"
#define CK_BODY "../gemm/packed.h"
#include "../simd/each_float.h"
#define CK_BODY "../gemm/unpacked.h"
#include "../simd/each_width.h"
// clang-format on

#endif
