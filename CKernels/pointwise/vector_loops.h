// Loops over rows of floats, for operations written on vectors. The operations come as pointers to inline
// functions, constant at every place of use. Included for each floating-point type by pointwise/floats.h: what is
// loaded becomes numbers that are computed with, and what is stored is rounded to elements, once.

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

/// Runs `body` for `i` from 0 in steps of a vector while `n`, the lanes in use, are all of them, and once
/// more for the rest. `n` is a constant in the first of the two copies.
#define CK_FOR_VECTORS(count, ...)                                 \
  {                                                                \
    const int64_t ck_count = (count);                              \
    int64_t i = 0;                                                 \
    for (; i + VF_LANES <= ck_count; i += VF_LANES) {              \
      const int64_t n = VF_LANES;                                  \
      __VA_ARGS__                                                  \
    }                                                              \
    if (i < ck_count) {                                            \
      const int64_t n = ck_count - i;                              \
      __VA_ARGS__                                                  \
    }                                                              \
  }

/// How many elements from `p` on lead to the first place where a vector is aligned, no more than `count`.
#define stored_lead CK_OF_DTYPE(ck_lead)
CK_INLINE int64_t stored_lead(const stored *p, int64_t count) {
  int64_t elements = (int64_t)(-((uintptr_t)p / sizeof *p) % VF_LANES);
  return elements < count ? elements : count;
}

/// As CK_FOR_VECTORS, with a first, partial vector after which `out + i` is aligned for whole ones.
#define CK_FOR_ALIGNED_VECTORS(count, out, ...)                    \
  {                                                                \
    const int64_t ck_count = (count);                              \
    const int64_t ck_first = stored_lead(out, ck_count);           \
    int64_t i = 0;                                                 \
    if (ck_first > 0) {                                            \
      const int64_t n = ck_first;                                  \
      __VA_ARGS__                                                  \
    }                                                              \
    for (i = ck_first; i + VF_LANES <= ck_count; i += VF_LANES) {  \
      const int64_t n = VF_LANES;                                  \
      __VA_ARGS__                                                  \
    }                                                              \
    if (i < ck_count) {                                            \
      const int64_t n = ck_count - i;                              \
      __VA_ARGS__                                                  \
    }                                                              \
  }

/// Stores n lanes side by side; where they are all of them, past the caches, and `p` is aligned.
#define vf_stream CK_STORED(stream)
CK_INLINE void vf_stream(stored *p, vf v, int64_t n) {
  n == VF_LANES ? vf_store_stored_streaming(p, v) : vf_store_stored_first(p, v, n);
}

// A row of one element, which is what an operation on numbers comes to, does without masks and loops: all
// lanes hold the element, and the first is stored. Lanes are alike, so the bits are those of any other path.

#define row_unary CK_OF_DTYPE(ck_row_unary)
CK_INLINE void row_unary(const ck_launch *launch, const ck_row *row, vf (*f)(vf)) {
  stored *out = CK_ROW_START(stored, 0);
  const stored *x = CK_ROW_START(const stored, 1);
  if (row->count == 1) {
    vf_store_stored_first(out, f(vf_repeat(x)), 1);
    return;
  }
  int64_t so = ck_row_step(launch, row, 0), sx = ck_row_step(launch, row, 1);
  if (so == 1 && sx == 1 && launch->streams) {
    CK_FOR_ALIGNED_VECTORS(row->count, out, vf_stream(out + i, f(vf_load_any(x + i, 1, n)), n);)
  } else if (so == 1 && sx == 1) {
    CK_FOR_VECTORS(row->count, vf_store_any(out + i, 1, f(vf_load_any(x + i, 1, n)), n);)
  } else {
    CK_FOR_VECTORS(row->count, vf_store_any(out + i * so, so, f(vf_load_any(x + i * sx, sx, n)), n);)
  }
}

#define row_binary CK_OF_DTYPE(ck_row_binary)
CK_INLINE void row_binary(const ck_launch *launch, const ck_row *row, vf (*f)(vf, vf)) {
  stored *out = CK_ROW_START(stored, 0);
  const stored *a = CK_ROW_START(const stored, 1);
  const stored *b = CK_ROW_START(const stored, 2);
  if (row->count == 1) {
    vf_store_stored_first(out, f(vf_repeat(a), vf_repeat(b)), 1);
    return;
  }
  int64_t so = ck_row_step(launch, row, 0);
  int64_t sa = ck_row_step(launch, row, 1), sb = ck_row_step(launch, row, 2);
  if (launch->streams && so == 1 && (sa == 1 || sa == 0) && (sb == 1 || sb == 0)) {
    // Memory keeps this loop waiting long enough for the steps to be looked at in it.
    CK_FOR_ALIGNED_VECTORS(row->count, out, vf va = sa == 1 ? vf_load_any(a + i, 1, n) : vf_repeat(a);
                           vf vb = sb == 1 ? vf_load_any(b + i, 1, n) : vf_repeat(b);
                           vf_stream(out + i, f(va, vb), n);)
  } else if (so == 1 && sa == 1 && sb == 1) {
    CK_FOR_VECTORS(row->count,
                   vf_store_any(out + i, 1, f(vf_load_any(a + i, 1, n), vf_load_any(b + i, 1, n)), n);)
  } else if (so == 1 && sa == 1 && sb == 0) {
    vf vb = vf_repeat(b);
    CK_FOR_VECTORS(row->count, vf_store_any(out + i, 1, f(vf_load_any(a + i, 1, n), vb), n);)
  } else if (so == 1 && sa == 0 && sb == 1) {
    vf va = vf_repeat(a);
    CK_FOR_VECTORS(row->count, vf_store_any(out + i, 1, f(va, vf_load_any(b + i, 1, n)), n);)
  } else {
    CK_FOR_VECTORS(row->count, vf va = vf_load_any(a + i * sa, sa, n);
                   vf vb = vf_load_any(b + i * sb, sb, n);
                   vf_store_any(out + i * so, so, f(va, vb), n);)
  }
}

#define row_compare CK_OF_DTYPE(ck_row_compare)
CK_INLINE void row_compare(const ck_launch *launch, const ck_row *row, vm (*f)(vf, vf)) {
  uint8_t *out = CK_ROW_START(uint8_t, 0);
  const stored *a = CK_ROW_START(const stored, 1);
  const stored *b = CK_ROW_START(const stored, 2);
  if (row->count == 1) {
    vm_store_bytes_first(out, f(vf_repeat(a), vf_repeat(b)), 1);
    return;
  }
  int64_t so = ck_row_step(launch, row, 0);
  int64_t sa = ck_row_step(launch, row, 1), sb = ck_row_step(launch, row, 2);
  if (so == 1 && sa == 1 && sb == 1) {
    CK_FOR_VECTORS(row->count, vm_store_bytes_any(
                                   out + i, 1, f(vf_load_any(a + i, 1, n), vf_load_any(b + i, 1, n)), n);)
  } else {
    CK_FOR_VECTORS(row->count, vf va = vf_load_any(a + i * sa, sa, n);
                   vf vb = vf_load_any(b + i * sb, sb, n);
                   vm_store_bytes_any(out + i * so, so, f(va, vb), n);)
  }
}

/// Defines the tile function of an operation out = f(x) on floats.
#define CK_UNARY(op, f)                                                                        \
  CK_INLINE void CK_OF_DTYPE(ck_row_##op)(const ck_launch *launch, const ck_row *row) {        \
    row_unary(launch, row, f);                                                                 \
  }                                                                                            \
  CK_TILE(op, CK_DTYPE) {                                                                      \
    (void)scratch;                                                                             \
    ck_walk_rows(launch, begin, end, 2, CK_OF_DTYPE(ck_row_##op));                             \
    if (launch->streams) vf32_streaming_fence();                                               \
  }

/// Defines the tile function of an operation out = f(a, b) on floats.
#define CK_BINARY(op, f)                                                                       \
  CK_INLINE void CK_OF_DTYPE(ck_row_##op)(const ck_launch *launch, const ck_row *row) {        \
    row_binary(launch, row, f);                                                                \
  }                                                                                            \
  CK_TILE(op, CK_DTYPE) {                                                                      \
    (void)scratch;                                                                             \
    ck_walk_rows(launch, begin, end, 3, CK_OF_DTYPE(ck_row_##op));                             \
    if (launch->streams) vf32_streaming_fence();                                               \
  }

/// Defines the tile function of a comparison out = f(a, b) of floats, with a bool output.
#define CK_COMPARE(op, f)                                                                      \
  CK_INLINE void CK_OF_DTYPE(ck_row_##op)(const ck_launch *launch, const ck_row *row) {        \
    row_compare(launch, row, f);                                                               \
  }                                                                                            \
  CK_TILE(op, CK_DTYPE) {                                                                      \
    (void)scratch;                                                                             \
    ck_walk_rows(launch, begin, end, 3, CK_OF_DTYPE(ck_row_##op));                             \
  }
