// What the machine can do at best: kernels that are bound by nothing but multiply-adds, or by nothing but memory.
// Benchmarks and the profiler hold the other kernels against them. No tensor operation launches these.
// clang-format off
#include "../gemm/shapes.h"
#include "../gemm/names.h"
#define CK_BODY "../gemm/microkernel.h"
#include "../simd/each_width.h"
#include "multiply_add.h"
#include "microkernel_rate.h"
#include "bandwidth.h"
// clang-format on
