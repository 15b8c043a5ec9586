// Vectors whose lanes lie a stride apart in memory, contiguous ones included.
#ifndef CK_SIMD_STRIDED_H
#define CK_SIMD_STRIDED_H

/// `count` elements, `stride` apart, in the first lanes; the other lanes are zero. Reads no other element.
CK_INLINE vf32 ck_load_lanes(const float *p, int64_t stride, int64_t count) {
  if (stride != 1) return vf32_gather_strided_first(p, stride, count);
  return count == VF32_LANES ? vf32_load(p) : vf32_load_first(p, count);
}

/// Stores the first `count` lanes, `stride` apart. Writes no other element.
CK_INLINE void ck_store_lanes(float *p, int64_t stride, int64_t count, vf32 v) {
  if (stride != 1) {
    vf32_scatter_strided_first(p, stride, v, count);
  } else if (count == VF32_LANES) {
    vf32_store(p, v);
  } else {
    vf32_store_first(p, v, count);
  }
}

#endif
