// Running a launch on its caller's thread with what it needs on its stack, which costs nothing to have.
#include "../include/ckernels.h"

#include <stddef.h>

void ck_run_on_stack(ck_tile tile, const ck_launch *launch, int64_t items) {
  _Alignas(64) char scratch[CK_STACK_SCRATCH_BYTES];
  tile(launch, 0, items, scratch);
}

void ck_run_flat(ck_tile tile, int64_t count, void *output, ck_flat_input a, ck_flat_input b, ck_flat_input c) {
  // What no kernel looks at stays unwritten: clearing it would be a good part of an operation on one number.
  ck_launch launch;
  launch.rank = 1;
  launch.shape[0] = count;
  launch.operand_count = 2 + (b.data != NULL) + (c.data != NULL);
  launch.operands[0].data = output;
  launch.operands[0].strides[0] = 1;
  launch.operands[1].data = a.data;
  launch.operands[1].strides[0] = a.stride;
  launch.operands[2].data = b.data;
  launch.operands[2].strides[0] = b.stride;
  launch.operands[3].data = c.data;
  launch.operands[3].strides[0] = c.stride;
  launch.streams = false;
  tile(&launch, 0, count, NULL);
}
