// The logistic function of a vector.
#ifndef CK_MATH_SIGMOID_H
#define CK_MATH_SIGMOID_H

#include "exp.h"

/// 1 / (1 + e^-x). NaN gives NaN. Error below 2.5 ULP, denormal results included.
CK_INLINE vf32 vf32_sigmoid(vf32 x) {
  // With the exponential of a negative number on both sides of zero nothing overflows and nothing cancels.
  vf32 one = vf32_set1(1.0f);
  vf32 e = vf32_exp_of_lesser(vf32_neg(vf32_abs(x)));
  return vf32_div(vf32_select(vf32_lt(x, vf32_zero()), e, one), vf32_add(one, e));
}

#endif
