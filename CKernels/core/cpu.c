// What this CPU, with its operating system, can run.
#define _GNU_SOURCE  // sched_getaffinity
#include <errno.h>
#include <stdlib.h>
#if defined(__linux__)
#include <sched.h>
#endif

#include "ckernels.h"
#include "../simd/isa.h"

const char *ck_isa_name(ck_isa isa) {
  static const char *const names[CK_ISA_COUNT] = {
      [CK_ISA_BASELINE] = "baseline",
      [CK_ISA_NEON] = "neon",
      [CK_ISA_AVX2] = "avx2",
      [CK_ISA_AVX512] = "avx512",
  };
  return names[isa];
}

bool ck_isa_available(ck_isa isa) {
  switch (isa) {
    case CK_ISA_BASELINE:
      return true;
    // The compiler's feature test also asks the operating system whether it saves the wide registers.
#if CK_BUILDS_AVX2
    case CK_ISA_AVX2:
      __builtin_cpu_init();
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
#endif
#if CK_BUILDS_AVX512
    case CK_ISA_AVX512:
      __builtin_cpu_init();
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
             __builtin_cpu_supports("fma");
#endif
#if CK_BUILDS_NEON
    case CK_ISA_NEON:
      return true;
#endif
    default:
      return false;
  }
}

int32_t ck_affinity_mask(int32_t *cores, int32_t capacity) {
  int32_t count = 0;
#if defined(__linux__)
  // The kernel refuses a mask narrower than its own, so ask with more room each time.
  for (int width = 1024; width <= 65536; width *= 4) {
    cpu_set_t *mask = CPU_ALLOC(width);
    if (mask == NULL) return 0;
    size_t size = CPU_ALLOC_SIZE(width);
    CPU_ZERO_S(size, mask);
    int status = sched_getaffinity(0, size, mask);
    int reason = errno;
    for (int core = 0; status == 0 && core < width && count < capacity; core++) {
      if (CPU_ISSET_S(core, size, mask)) cores[count++] = core;
    }
    CPU_FREE(mask);
    if (status == 0 || reason != EINVAL) break;
  }
#else
  (void)cores;
  (void)capacity;
#endif
  return count;
}
