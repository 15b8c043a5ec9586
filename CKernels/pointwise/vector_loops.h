// Loops over rows of floats, for operations written on vectors. The operations come as pointers to inline
// functions, constant at every place of use.
#ifndef CK_POINTWISE_VECTOR_LOOPS_H
#define CK_POINTWISE_VECTOR_LOOPS_H

/// n lanes, up to all of them, at steps of any size, zero included.
CK_INLINE vf32 vf32_load_any(const float *p, int64_t step, int64_t n) {
  if (step == 0) return vf32_set1(*p);
  if (n == VF32_LANES) return step == 1 ? vf32_load(p) : vf32_gather_strided(p, step);
  return step == 1 ? vf32_load_first(p, n) : vf32_gather_strided_first(p, step, n);
}

CK_INLINE void vf32_store_any(float *p, int64_t step, vf32 v, int64_t n) {
  if (n == VF32_LANES) {
    step == 1 ? vf32_store(p, v) : vf32_scatter_strided(p, step, v);
  } else {
    step == 1 ? vf32_store_first(p, v, n) : vf32_scatter_strided_first(p, step, v, n);
  }
}

CK_INLINE vm32 vm32_load_bytes_any(const uint8_t *p, int64_t step, int64_t n) {
  if (step == 1) return n == VF32_LANES ? vm32_load_bytes(p) : vm32_load_bytes_first(p, n);
  uint8_t lanes[VF32_LANES] = {0};
  CK_SHORT_LOOP for (int64_t lane = 0; lane < n; lane++) lanes[lane] = p[lane * step];
  return vm32_load_bytes(lanes);
}

CK_INLINE void vm32_store_bytes_any(uint8_t *p, int64_t step, vm32 m, int64_t n) {
  if (step == 1) {
    n == VF32_LANES ? vm32_store_bytes(p, m) : vm32_store_bytes_first(p, m, n);
    return;
  }
  uint8_t lanes[VF32_LANES];
  vm32_store_bytes(lanes, m);
  CK_SHORT_LOOP for (int64_t lane = 0; lane < n; lane++) p[lane * step] = lanes[lane];
}

/// Runs `body` for `i` from 0 in steps of a vector while `n`, the lanes in use, are all of them, and once
/// more for the rest. `n` is a constant in the first of the two copies.
#define CK_FOR_VECTORS(count, ...)                                 \
  {                                                                \
    const int64_t ck_count = (count);                              \
    int64_t i = 0;                                                 \
    for (; i + VF32_LANES <= ck_count; i += VF32_LANES) {          \
      const int64_t n = VF32_LANES;                                \
      __VA_ARGS__                                                  \
    }                                                              \
    if (i < ck_count) {                                            \
      const int64_t n = ck_count - i;                              \
      __VA_ARGS__                                                  \
    }                                                              \
  }

/// How many elements from `p` on lead to the first place where a vector is aligned, no more than `count`.
CK_INLINE int64_t ck_lead(const float *p, int64_t count) {
  int64_t lead = (int64_t)(-((uintptr_t)p / sizeof *p) % VF32_LANES);
  return lead < count ? lead : count;
}

/// As CK_FOR_VECTORS, with a first, partial vector after which `out + i` is aligned for whole ones.
#define CK_FOR_ALIGNED_VECTORS(count, out, ...)                    \
  {                                                                \
    const int64_t ck_count = (count), ck_first = ck_lead(out, ck_count); \
    int64_t i = 0;                                                 \
    if (ck_first > 0) {                                            \
      const int64_t n = ck_first;                                  \
      __VA_ARGS__                                                  \
    }                                                              \
    for (i = ck_first; i + VF32_LANES <= ck_count; i += VF32_LANES) { \
      const int64_t n = VF32_LANES;                                \
      __VA_ARGS__                                                  \
    }                                                              \
    if (i < ck_count) {                                            \
      const int64_t n = ck_count - i;                              \
      __VA_ARGS__                                                  \
    }                                                              \
  }

/// Stores n lanes side by side; where they are all of them, past the caches, and `p` is aligned.
CK_INLINE void vf32_stream(float *p, vf32 v, int64_t n) {
  n == VF32_LANES ? vf32_store_streaming(p, v) : vf32_store_first(p, v, n);
}

// A row of one element, which is what an operation on numbers comes to, does without masks and loops: all
// lanes hold the element, and the first is stored. Lanes are alike, so the bits are those of any other path.

CK_INLINE void ck_row_unary(const ck_launch *launch, const ck_row *row, vf32 (*f)(vf32)) {
  float *out = CK_ROW_START(float, 0);
  const float *x = CK_ROW_START(const float, 1);
  if (row->count == 1) {
    vf32_store_first(out, f(vf32_set1(*x)), 1);
    return;
  }
  int64_t so = ck_row_step(launch, row, 0), sx = ck_row_step(launch, row, 1);
  if (so == 1 && sx == 1 && launch->streams) {
    CK_FOR_ALIGNED_VECTORS(row->count, out, vf32_stream(out + i, f(vf32_load_any(x + i, 1, n)), n);)
  } else if (so == 1 && sx == 1) {
    CK_FOR_VECTORS(row->count, vf32_store_any(out + i, 1, f(vf32_load_any(x + i, 1, n)), n);)
  } else {
    CK_FOR_VECTORS(row->count, vf32_store_any(out + i * so, so, f(vf32_load_any(x + i * sx, sx, n)), n);)
  }
}

CK_INLINE void ck_row_binary(const ck_launch *launch, const ck_row *row, vf32 (*f)(vf32, vf32)) {
  float *out = CK_ROW_START(float, 0);
  const float *a = CK_ROW_START(const float, 1);
  const float *b = CK_ROW_START(const float, 2);
  if (row->count == 1) {
    vf32_store_first(out, f(vf32_set1(*a), vf32_set1(*b)), 1);
    return;
  }
  int64_t so = ck_row_step(launch, row, 0);
  int64_t sa = ck_row_step(launch, row, 1), sb = ck_row_step(launch, row, 2);
  if (launch->streams && so == 1 && (sa == 1 || sa == 0) && (sb == 1 || sb == 0)) {
    // Memory keeps this loop waiting long enough for the steps to be looked at in it.
    CK_FOR_ALIGNED_VECTORS(row->count, out, vf32 va = sa == 1 ? vf32_load_any(a + i, 1, n) : vf32_set1(*a);
                           vf32 vb = sb == 1 ? vf32_load_any(b + i, 1, n) : vf32_set1(*b);
                           vf32_stream(out + i, f(va, vb), n);)
  } else if (so == 1 && sa == 1 && sb == 1) {
    CK_FOR_VECTORS(row->count,
                   vf32_store_any(out + i, 1, f(vf32_load_any(a + i, 1, n), vf32_load_any(b + i, 1, n)), n);)
  } else if (so == 1 && sa == 1 && sb == 0) {
    vf32 vb = vf32_set1(*b);
    CK_FOR_VECTORS(row->count, vf32_store_any(out + i, 1, f(vf32_load_any(a + i, 1, n), vb), n);)
  } else if (so == 1 && sa == 0 && sb == 1) {
    vf32 va = vf32_set1(*a);
    CK_FOR_VECTORS(row->count, vf32_store_any(out + i, 1, f(va, vf32_load_any(b + i, 1, n)), n);)
  } else {
    CK_FOR_VECTORS(row->count, vf32 va = vf32_load_any(a + i * sa, sa, n);
                   vf32 vb = vf32_load_any(b + i * sb, sb, n);
                   vf32_store_any(out + i * so, so, f(va, vb), n);)
  }
}

CK_INLINE void ck_row_compare(const ck_launch *launch, const ck_row *row, vm32 (*f)(vf32, vf32)) {
  uint8_t *out = CK_ROW_START(uint8_t, 0);
  const float *a = CK_ROW_START(const float, 1);
  const float *b = CK_ROW_START(const float, 2);
  if (row->count == 1) {
    vm32_store_bytes_first(out, f(vf32_set1(*a), vf32_set1(*b)), 1);
    return;
  }
  int64_t so = ck_row_step(launch, row, 0);
  int64_t sa = ck_row_step(launch, row, 1), sb = ck_row_step(launch, row, 2);
  if (so == 1 && sa == 1 && sb == 1) {
    CK_FOR_VECTORS(row->count, vm32_store_bytes_any(
                                   out + i, 1, f(vf32_load_any(a + i, 1, n), vf32_load_any(b + i, 1, n)), n);)
  } else {
    CK_FOR_VECTORS(row->count, vf32 va = vf32_load_any(a + i * sa, sa, n);
                   vf32 vb = vf32_load_any(b + i * sb, sb, n);
                   vm32_store_bytes_any(out + i * so, so, f(va, vb), n);)
  }
}

/// Defines the tile function of an operation out = f(x) on floats.
#define CK_UNARY_F32(op, f)                                                                    \
  CK_INLINE void ck_row_##op##_f32(const ck_launch *launch, const ck_row *row) {               \
    ck_row_unary(launch, row, f);                                                              \
  }                                                                                            \
  CK_TILE(op, f32) {                                                                           \
    (void)scratch;                                                                             \
    ck_walk_rows(launch, begin, end, 2, ck_row_##op##_f32);                                    \
    if (launch->streams) vf32_streaming_fence();                                               \
  }

/// Defines the tile function of an operation out = f(a, b) on floats.
#define CK_BINARY_F32(op, f)                                                                   \
  CK_INLINE void ck_row_##op##_f32(const ck_launch *launch, const ck_row *row) {               \
    ck_row_binary(launch, row, f);                                                             \
  }                                                                                            \
  CK_TILE(op, f32) {                                                                           \
    (void)scratch;                                                                             \
    ck_walk_rows(launch, begin, end, 3, ck_row_##op##_f32);                                    \
    if (launch->streams) vf32_streaming_fence();                                               \
  }

/// Defines the tile function of a comparison out = f(a, b) of floats, with a bool output.
#define CK_COMPARE_F32(op, f)                                                                  \
  CK_INLINE void ck_row_##op##_f32(const ck_launch *launch, const ck_row *row) {               \
    ck_row_compare(launch, row, f);                                                            \
  }                                                                                            \
  CK_TILE(op, f32) {                                                                           \
    (void)scratch;                                                                             \
    ck_walk_rows(launch, begin, end, 3, ck_row_##op##_f32);                                    \
  }

#endif
