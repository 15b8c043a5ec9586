// Running a launch on its caller's thread with scratch memory on its stack, which costs nothing to have.
#include "../include/ckernels.h"

void ck_run_on_stack(ck_tile tile, const ck_launch *launch, int64_t items) {
  _Alignas(64) char scratch[CK_STACK_SCRATCH_BYTES];
  tile(launch, 0, items, scratch);
}
