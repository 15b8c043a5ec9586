// What a launch moves and computes, as the kernel table tells.
#ifndef CK_COST_H
#define CK_COST_H

#include "ckernels.h"

/// The work of one launch.
typedef struct ck_cost {
  /// Bytes of the elements that the operands touch, each element counted once however often it is used.
  int64_t bytes;
  /// Floating-point operations; ck_kernels.def says what counts as one.
  int64_t operations;
} ck_cost;

/// The work of a launch of `kernel` with `items` items.
ck_cost ck_launch_cost(ck_kernel kernel, const ck_launch *launch, int64_t items);

/// The table's words for the operands of `kernel`, explained in ck_kernels.def.
const char *ck_kernel_operands(ck_kernel kernel);

#endif
