// Vectors whose lanes lie a stride apart in memory, contiguous ones included. Included for float32 and float64.

/// `count` elements, `stride` apart, in the first lanes; the other lanes are zero. Reads no other element.
#define ck_load_lanes CK_OF_REAL(ck_load_lanes)
CK_INLINE vf ck_load_lanes(const real *p, int64_t stride, int64_t count) {
  if (stride != 1) return vf_gather_strided_first(p, stride, count);
  return count == VF_LANES ? vf_load(p) : vf_load_first(p, count);
}

/// Stores the first `count` lanes, `stride` apart. Writes no other element.
#define ck_store_lanes CK_OF_REAL(ck_store_lanes)
CK_INLINE void ck_store_lanes(real *p, int64_t stride, int64_t count, vf v) {
  if (stride != 1) {
    vf_scatter_strided_first(p, stride, v, count);
  } else if (count == VF_LANES) {
    vf_store(p, v);
  } else {
    vf_store_first(p, v, count);
  }
}
