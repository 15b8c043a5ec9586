// A product added to a third tensor: operands out, c, a, b; out may lie exactly on any input. No attributes. Included
// for each floating-point type by pointwise/floats.h.
#define row_addcmul CK_OF_DTYPE(ck_row_addcmul)
CK_INLINE void row_addcmul(const ck_launch *launch, const ck_row *row) {
  stored *out = CK_ROW_START(stored, 0);
  const stored *c = CK_ROW_START(const stored, 1);
  const stored *a = CK_ROW_START(const stored, 2);
  const stored *b = CK_ROW_START(const stored, 3);
  int64_t so = ck_row_step(launch, row, 0), sc = ck_row_step(launch, row, 1);
  int64_t sa = ck_row_step(launch, row, 2), sb = ck_row_step(launch, row, 3);
#define CK_ADDCMUL(sc, sa, sb) \
  vf_fma(vf_load_any(a + i * sa, sa, n), vf_load_any(b + i * sb, sb, n), vf_load_any(c + i * sc, sc, n))
  if (so == 1 && sc == 1 && sa == 1 && sb == 1 && launch->streams) {
    CK_FOR_ALIGNED_VECTORS(row->count, out, vf_stream(out + i, CK_ADDCMUL(1, 1, 1), n);)
  } else if (so == 1 && sc == 1 && sa == 1 && sb == 1) {
    CK_FOR_VECTORS(row->count, vf_store_any(out + i, 1, CK_ADDCMUL(1, 1, 1), n);)
  } else {
    CK_FOR_VECTORS(row->count, vf_store_any(out + i * so, so, CK_ADDCMUL(sc, sa, sb), n);)
  }
#undef CK_ADDCMUL
}

/// c + a * b, rounded once on an ISA that fuses and otherwise twice: error at most eps * (|a * b| + |out|), where eps
/// is half the distance of the computed numbers at 1. NaN gives NaN.
CK_TILE(addcmul, CK_DTYPE) {
  (void)scratch;
  ck_walk_rows(launch, begin, end, 4, row_addcmul);
  if (launch->streams) vf32_streaming_fence();
}
