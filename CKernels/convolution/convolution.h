// Convolutions as products with another way to pack: patches of the source go straight into the panels that the matrix
// product's micro-kernels read. How a convolution is described and cut is said in ck_convolution.h.
#ifndef CK_CONVOLUTION_BODIES_H
#define CK_CONVOLUTION_BODIES_H

// clang-format off
#include "../math/math.h"
#include "../simd/elements.h"
#include "../gemm/shapes.h"
#include "../gemm/names.h"
#include "../gemm/panels.h"
#include "axis.h"
#include "names.h"
#define CK_BODY "../convolution/bodies.h"
#include "../simd/each_float.h"
// clang-format on

#endif
