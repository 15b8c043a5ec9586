// What a caller must know of the optimizers' kernels: how one launch carries any number of parameters.
#ifndef CK_OPTIMIZER_H
#define CK_OPTIMIZER_H

#include <stdint.h>

/// One parameter of an optimizer's step, all of whose arrays have its number of elements and none of which overlap.
typedef struct ck_parameter {
  /// The number, among the elements of all parameters of the launch, of this parameter's first. The first parameter
  /// starts at 0; each ends where the next starts, and the last with the launch.
  int64_t first_item;
  /// The number of this step for this parameter, counted from 1.
  int64_t step;
  /// In and out; NULL where a kernel only reads gradients.
  void *values;
  /// NULL where a kernel reads none.
  const void *gradient;
  /// What the optimizer remembers, in and out; NULL where a kernel has less to remember.
  void *memories[2];
} ck_parameter;

#endif
