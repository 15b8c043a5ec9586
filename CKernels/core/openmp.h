// LLVM's OpenMP runtime (libomp), as far as teams need it.
#ifndef CK_CORE_OPENMP_H
#define CK_CORE_OPENMP_H

#include <stdint.h>

// A place in a source, as the runtime's own interface wants it.
typedef struct ck_openmp_place {
  int32_t reserved_1;
  int32_t flags;
  int32_t reserved_2;
  int32_t reserved_3;
  const char *source;
} ck_openmp_place;

typedef void (*ck_openmp_region)(int32_t *global_thread, int32_t *bound_thread, ...);

// The functions that `#pragma omp parallel num_threads(…)` is compiled to, and some of those that programs call.
typedef struct ck_openmp {
  int32_t (*global_thread)(const ck_openmp_place *place);
  void (*push_thread_count)(const ck_openmp_place *place, int32_t global_thread, int32_t count);
  void (*fork)(const ck_openmp_place *place, int32_t argument_count, ck_openmp_region region, ...);
  int (*thread)(void);
  void (*set_dynamic)(int dynamic);
  void (*set_blocktime)(int milliseconds);
} ck_openmp;

/// The runtime, which the first call loads. Ends the process with a message where there is none.
const ck_openmp *ck_openmp_runtime(void);

#endif
