// Planes of one to three dimensions whose elements are made of windows of another plane: pooling, padding, resampling,
// and their derivatives.
//
// A window is a product of one list of places for each axis (ck_window_axis), so that kernel sizes, strides, paddings,
// dilations, ceil mode, adaptive sizes, reflections and scales are all one thing. Fewer dimensions have sizes of 1 in
// front. The shape of a launch is {outer, inner, d, h, w, D, H, W}: the sizes of the input's planes and of the
// output's. Tensors are dense, [outer, d, h, w, inner]: `inner` is 1 where planes lie row-major, with channels among
// `outer`, and the number of channels where these lie last. Operands are not strided otherwise; strides only say what is
// touched. The last operand is the three axes' tables.
//
// Rows are combined first, lanes along w and the channels, into one row in scratch memory; then that row's columns. The
// order is the same in both layouts, and so are the bits. Nothing is fused, so they are the same on every ISA.
#ifndef CK_WINDOWS_FAMILY_H
#define CK_WINDOWS_FAMILY_H

#include "../simd/elements.h"
#include "../include/ck_windows.h"
#include "walk.h"
#include "names.h"
#include "copy.h"
#define CK_BODY "../windows/kernels.h"
#include "../simd/each_float.h"

#endif
