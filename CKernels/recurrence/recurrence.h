// Recurrent layers: all time steps of a layer in one launch, or each in one where the recurrent weights are large, forward
// and backward. What inputs add to the gates, and the gradients of weights, are products of matrices over all steps.
// `ck_recurrence_make_plan` in recurrence/plan.c says which shape is cut how. Included once per ISA.
#ifndef CK_RECURRENCE_BODIES_H
#define CK_RECURRENCE_BODIES_H

// clang-format off
#include "../math/math.h"
#include "../simd/elements.h"
#include "../gemm/shapes.h"
#include "../gemm/names.h"
#define CK_BODY "../gemm/microkernel.h"
#include "../simd/each_width.h"
#include "scratch.h"
#include "names.h"
#define CK_BODY "../recurrence/product.h"
#include "../simd/each_width.h"
#define CK_BODY "../recurrence/kernels.h"
#include "../simd/each_float.h"
// clang-format on

#endif
