// Loops over rows of floats, for operations written on vectors. The operations come as pointers to inline
// functions, constant at every place of use. Included for each floating-point type by pointwise/floats.h: what is
// loaded becomes numbers that are computed with, and what is stored is rounded to elements, once.

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
