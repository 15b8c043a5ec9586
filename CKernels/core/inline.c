// What makes launches cheap that their caller runs itself: scratch memory from its stack, and records of few words.
#include "../include/ckernels.h"

#include <stddef.h>

void ck_run_on_stack(ck_tile tile, const ck_launch *launch, int64_t items) {
  _Alignas(64) char scratch[CK_STACK_SCRATCH_BYTES];
  tile(launch, 0, items, scratch);
}

void ck_make_flat_launch(ck_launch *launch, int64_t count, void *output, void *a, int64_t a_stride, void *b,
                         int64_t b_stride, void *c, int64_t c_stride) {
  launch->rank = 1;
  launch->shape[0] = count;
  launch->operand_count = 2 + (b != NULL) + (c != NULL);
  launch->operands[0].data = output;
  launch->operands[0].strides[0] = 1;
  launch->operands[1].data = a;
  launch->operands[1].strides[0] = a_stride;
  launch->operands[2].data = b;
  launch->operands[2].strides[0] = b_stride;
  launch->operands[3].data = c;
  launch->operands[3].strides[0] = c_stride;
  launch->streams = false;
}
