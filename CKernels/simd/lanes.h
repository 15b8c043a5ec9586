// Vectors of elements at steps of any size. Included for each floating-point type: what is loaded becomes numbers that
// are computed with, and what is stored is rounded to elements, once.

/// One element in all lanes.
#define vf_repeat CK_STORED(repeat)
CK_INLINE vf vf_repeat(const stored *p) { return vf_set1(real_of_stored(*p)); }

/// n lanes, up to all of them, at steps of any size, zero included.
#define vf_load_any CK_STORED(load_any)
CK_INLINE vf vf_load_any(const stored *p, int64_t step, int64_t n) {
  if (step == 0) return vf_repeat(p);
  if (step == 1) return n == VF_LANES ? vf_load_stored(p) : vf_load_stored_first(p, n);
  stored lanes[VF_LANES];
  if (n == VF_LANES) {
    for (int lane = 0; lane < VF_LANES; lane++) lanes[lane] = p[lane * step];
  } else {
    memset(lanes, 0, sizeof lanes);
    CK_SHORT_LOOP for (int64_t lane = 0; lane < n; lane++) lanes[lane] = p[lane * step];
  }
  return vf_load_stored(lanes);
}

#define vf_store_any CK_STORED(store_any)
CK_INLINE void vf_store_any(stored *p, int64_t step, vf v, int64_t n) {
  if (step == 1) {
    n == VF_LANES ? vf_store_stored(p, v) : vf_store_stored_first(p, v, n);
    return;
  }
  stored lanes[VF_LANES];
  vf_store_stored(lanes, v);
  if (n == VF_LANES) {
    for (int lane = 0; lane < VF_LANES; lane++) p[lane * step] = lanes[lane];
  } else {
    CK_SHORT_LOOP for (int64_t lane = 0; lane < n; lane++) p[lane * step] = lanes[lane];
  }
}

#define vm_load_bytes_any CK_OF_DTYPE(ck_load_bytes_any)
CK_INLINE vm vm_load_bytes_any(const uint8_t *p, int64_t step, int64_t n) {
  if (step == 1) return n == VF_LANES ? vm_load_bytes(p) : vm_load_bytes_first(p, n);
  uint8_t lanes[VF_LANES] = {0};
  CK_SHORT_LOOP for (int64_t lane = 0; lane < n; lane++) lanes[lane] = p[lane * step];
  return vm_load_bytes(lanes);
}

#define vm_store_bytes_any CK_OF_DTYPE(ck_store_bytes_any)
CK_INLINE void vm_store_bytes_any(uint8_t *p, int64_t step, vm m, int64_t n) {
  if (step == 1) {
    n == VF_LANES ? vm_store_bytes(p, m) : vm_store_bytes_first(p, m, n);
    return;
  }
  uint8_t lanes[VF_LANES];
  vm_store_bytes(lanes, m);
  CK_SHORT_LOOP for (int64_t lane = 0; lane < n; lane++) p[lane * step] = lanes[lane];
}

/// How many elements from `p` on lead to the first place where a vector is aligned, no more than `count`.
#define stored_lead CK_OF_DTYPE(ck_lead)
CK_INLINE int64_t stored_lead(const stored *p, int64_t count) {
  int64_t elements = (int64_t)(-((uintptr_t)p / sizeof *p) % VF_LANES);
  return elements < count ? elements : count;
}

/// Stores n lanes side by side; where they are all of them, past the caches, and `p` is aligned.
#define vf_stream CK_STORED(stream)
CK_INLINE void vf_stream(stored *p, vf v, int64_t n) {
  n == VF_LANES ? vf_store_stored_streaming(p, v) : vf_store_stored_first(p, v, n);
}
