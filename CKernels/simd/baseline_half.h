// Vectors of float32 from and to 16-bit floats in memory, lane by lane.
#ifndef CK_SIMD_BASELINE_HALF_H
#define CK_SIMD_BASELINE_HALF_H

#include "half.h"

#define CK_HALF_LANES(dtype)                                                                    \
  CK_INLINE vf32 vf32_load_##dtype(const ck_##dtype *p) {                                       \
    vf32 v;                                                                                     \
    for (int lane = 0; lane < VF32_LANES; lane++) v[lane] = ck_##dtype##_to_f32(p[lane]);       \
    return v;                                                                                   \
  }                                                                                             \
  CK_INLINE vf32 vf32_load_first_##dtype(const ck_##dtype *p, int64_t n) {                    \
    ck_##dtype lanes[VF32_LANES] = {{0}};                                                       \
    memcpy(lanes, p, (size_t)n * sizeof *p);                                                    \
    return vf32_load_##dtype(lanes);                                                            \
  }                                                                                             \
  CK_INLINE void vf32_store_##dtype(ck_##dtype *p, vf32 v) {                                    \
    for (int lane = 0; lane < VF32_LANES; lane++) p[lane] = ck_f32_to_##dtype(v[lane]);         \
  }                                                                                             \
  CK_INLINE void vf32_store_first_##dtype(ck_##dtype *p, vf32 v, int64_t n) {                 \
    ck_##dtype lanes[VF32_LANES];                                                               \
    vf32_store_##dtype(lanes, v);                                                               \
    memcpy(p, lanes, (size_t)n * sizeof *p);                                                    \
  }
CK_HALF_LANES(f16)
CK_HALF_LANES(bf16)
#undef CK_HALF_LANES

#endif
