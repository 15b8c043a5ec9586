// What a product's k may go through in runs.
#ifndef CK_GEMM_RUN_H
#define CK_GEMM_RUN_H

#include <stdint.h>

/// Steps of k that follow one another at even distances: where the first one's elements are, counted from the product's
/// own A and B, and how many steps there are.
typedef struct ck_gemm_run {
  int64_t a, b, depth;
} ck_gemm_run;

#endif
