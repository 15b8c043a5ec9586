// Selection of float32 and float64; pointwise/select.h says what it does. Included for both by pointwise/pointwise.h.
#define row_where CK_OF_DTYPE(ck_row_where)
CK_INLINE void row_where(const ck_launch *launch, const ck_row *row) {
  stored *out = CK_ROW_START(stored, 0);
  const uint8_t *condition = CK_ROW_START(const uint8_t, 1);
  const stored *a = CK_ROW_START(const stored, 2);
  const stored *b = CK_ROW_START(const stored, 3);
  int64_t so = ck_row_step(launch, row, 0), sc = ck_row_step(launch, row, 1);
  int64_t sa = ck_row_step(launch, row, 2), sb = ck_row_step(launch, row, 3);
  if (so == 1 && sc == 1 && sa == 1 && sb == 1 && launch->streams) {
    CK_FOR_ALIGNED_VECTORS(row->count, out, vm m = vm_load_bytes_any(condition + i, 1, n);
                           vf v = vf_select(m, vf_load_any(a + i, 1, n), vf_load_any(b + i, 1, n));
                           vf_stream(out + i, v, n);)
  } else if (so == 1 && sc == 1 && sa == 1 && sb == 1) {
    CK_FOR_VECTORS(row->count, vm m = vm_load_bytes_any(condition + i, 1, n);
                   vf v = vf_select(m, vf_load_any(a + i, 1, n), vf_load_any(b + i, 1, n));
                   vf_store_any(out + i, 1, v, n);)
  } else {
    CK_FOR_VECTORS(row->count, vm m = vm_load_bytes_any(condition + i * sc, sc, n);
                   vf va = vf_load_any(a + i * sa, sa, n);
                   vf vb = vf_load_any(b + i * sb, sb, n);
                   vf_store_any(out + i * so, so, vf_select(m, va, vb), n);)
  }
}

CK_TILE(where, CK_DTYPE) {
  (void)scratch;
  ck_walk_rows(launch, begin, end, 4, row_where);
  if (launch->streams) vf32_streaming_fence();
}
