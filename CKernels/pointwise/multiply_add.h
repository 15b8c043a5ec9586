// A product added to a third tensor: operands out, c, a, b; out may lie exactly on any input. No attributes.
#ifndef CK_POINTWISE_MULTIPLY_ADD_H
#define CK_POINTWISE_MULTIPLY_ADD_H

CK_INLINE void ck_row_addcmul_f32(const ck_launch *launch, const ck_row *row) {
  float *out = CK_ROW_START(float, 0);
  const float *c = CK_ROW_START(const float, 1);
  const float *a = CK_ROW_START(const float, 2);
  const float *b = CK_ROW_START(const float, 3);
  int64_t so = ck_row_step(launch, row, 0), sc = ck_row_step(launch, row, 1);
  int64_t sa = ck_row_step(launch, row, 2), sb = ck_row_step(launch, row, 3);
#define CK_ADDCMUL(sc, sa, sb) \
  vf32_fma(vf32_load_any(a + i * sa, sa, n), vf32_load_any(b + i * sb, sb, n), vf32_load_any(c + i * sc, sc, n))
  if (so == 1 && sc == 1 && sa == 1 && sb == 1 && launch->streams) {
    CK_FOR_ALIGNED_VECTORS(row->count, out, vf32_stream(out + i, CK_ADDCMUL(1, 1, 1), n);)
  } else if (so == 1 && sc == 1 && sa == 1 && sb == 1) {
    CK_FOR_VECTORS(row->count, vf32_store_any(out + i, 1, CK_ADDCMUL(1, 1, 1), n);)
  } else {
    CK_FOR_VECTORS(row->count, vf32_store_any(out + i * so, so, CK_ADDCMUL(sc, sa, sb), n);)
  }
#undef CK_ADDCMUL
}

/// c + a * b, rounded once on an ISA that fuses and otherwise twice: error at most 2^-24 * (|a * b| + |out|). NaN gives
/// NaN.
CK_TILE(addcmul, f32) {
  (void)scratch;
  ck_walk_rows(launch, begin, end, 4, ck_row_addcmul_f32);
  if (launch->streams) vf32_streaming_fence();
}

#endif
