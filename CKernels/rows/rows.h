// Normalising rows: softmax, log-softmax, cross-entropy, layer norm and RMS norm, forward and
// backward.
//
// The launch's shape is [outer dimensions..., n]; items are rows, and a row's n elements lie along the last
// dimension. Operands have any strides. A float32 output may alias an input exactly (same data, same strides).
#include "cross_entropy.h"
#include "log_softmax.h"
#include "norm_backward.h"
#include "norm_forward.h"
#include "softmax.h"
