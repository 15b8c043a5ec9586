#ifndef CPEAK_H
#define CPEAK_H

#include <stdint.h>

/// Runs `rounds` rounds of independent single-precision fused multiply-adds on registers alone, with the widest
/// vectors that this CPU has, and returns the number of floating-point operations (two for each multiply-add).
double peak_multiply_adds(int64_t rounds);

#endif
