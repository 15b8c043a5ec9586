// Normalising rows: softmax, log-softmax and cross-entropy, forward and backward.
//
// The launch's shape is [outer dimensions..., n]; items are rows, and a row's n elements lie along the last
// dimension. Operands have any strides. A float32 output may alias an input exactly (same data, same strides).
#include "cross_entropy.h"
#include "log_softmax.h"
#include "softmax.h"
