// The only functions that open a parallel region. They are compiled for the baseline and call kernels
// through pointers, because an OpenMP region's outlined body does not inherit a `target` attribute.
#define _GNU_SOURCE  // dladdr
#include <dlfcn.h>
#include <stdatomic.h>
#include <stddef.h>

#include "ckernels.h"

// The parts of the OpenMP interface used here, declared by hand: `omp.h` lies in another compiler's
// private folder, where this one does not look.
extern int omp_get_thread_num(void);
extern void kmp_set_blocktime(int milliseconds);

void ck_team_run(ck_tile tile, const ck_launch *launch, int64_t begin, int64_t end, int64_t grain,
                 int32_t threads, void *scratch, int64_t scratch_bytes) {
  // Chunks are claimed one by one, so that a thread that lost its core for a while holds up one chunk only.
  _Atomic int64_t next = begin;
#pragma omp parallel num_threads(threads)
  {
    char *own_scratch = scratch ? (char *)scratch + omp_get_thread_num() * scratch_bytes : NULL;
    for (;;) {
      int64_t chunk = atomic_fetch_add_explicit(&next, grain, memory_order_relaxed);
      if (chunk >= end) break;
      tile(launch, chunk, end - chunk < grain ? end : chunk + grain, own_scratch);
    }
  }
}

void ck_team_set_blocktime(int32_t milliseconds) { kmp_set_blocktime(milliseconds); }

const char *ck_openmp_library(void) {
  Dl_info info;
  if (dladdr((void *)(uintptr_t)&kmp_set_blocktime, &info) == 0 || info.dli_fname == NULL) return "unknown";
  return info.dli_fname;
}
