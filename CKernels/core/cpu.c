// What this CPU, with its operating system, can run.
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
#if CK_BUILDS_X86
    // The compiler's feature test also asks the operating system whether it saves the wide registers.
    case CK_ISA_AVX2:
      __builtin_cpu_init();
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case CK_ISA_AVX512:
      __builtin_cpu_init();
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
             __builtin_cpu_supports("fma");
#elif CK_BUILDS_ARM64
    case CK_ISA_NEON:
      return true;
#endif
    default:
      return false;
  }
}
