// Selection: operands out, condition (bool), a, b; out is a where the condition holds, else b, bit for bit.
// No attributes. The output may lie exactly on a or on b, and on the condition where all are bools.
#ifndef CK_POINTWISE_SELECT_H
#define CK_POINTWISE_SELECT_H

CK_INLINE void ck_row_where_f32(const ck_launch *launch, const ck_row *row) {
  float *out = CK_ROW_START(float, 0);
  const uint8_t *condition = CK_ROW_START(const uint8_t, 1);
  const float *a = CK_ROW_START(const float, 2);
  const float *b = CK_ROW_START(const float, 3);
  int64_t so = ck_row_step(launch, row, 0), sc = ck_row_step(launch, row, 1);
  int64_t sa = ck_row_step(launch, row, 2), sb = ck_row_step(launch, row, 3);
  if (so == 1 && sc == 1 && sa == 1 && sb == 1 && launch->streams) {
    CK_FOR_ALIGNED_VECTORS(row->count, out, vm32 m = vm32_load_bytes_any(condition + i, 1, n);
                           vf32 v = vf32_select(m, vf32_load_any(a + i, 1, n), vf32_load_any(b + i, 1, n));
                           vf32_stream(out + i, v, n);)
  } else if (so == 1 && sc == 1 && sa == 1 && sb == 1) {
    CK_FOR_VECTORS(row->count, vm32 m = vm32_load_bytes_any(condition + i, 1, n);
                   vf32 v = vf32_select(m, vf32_load_any(a + i, 1, n), vf32_load_any(b + i, 1, n));
                   vf32_store_any(out + i, 1, v, n);)
  } else {
    CK_FOR_VECTORS(row->count, vm32 m = vm32_load_bytes_any(condition + i * sc, sc, n);
                   vf32 va = vf32_load_any(a + i * sa, sa, n);
                   vf32 vb = vf32_load_any(b + i * sb, sb, n);
                   vf32_store_any(out + i * so, so, vf32_select(m, va, vb), n);)
  }
}

CK_TILE(where, f32) {
  (void)scratch;
  ck_walk_rows(launch, begin, end, 4, ck_row_where_f32);
  if (launch->streams) vf32_streaming_fence();
}

#define CK_WHERE(dtype, T)                                                                       \
  CK_INLINE void ck_row_where_##dtype(const ck_launch *launch, const ck_row *row) {              \
    T *out = CK_ROW_START(T, 0);                                                                 \
    const uint8_t *condition = CK_ROW_START(const uint8_t, 1);                                   \
    const T *a = CK_ROW_START(const T, 2);                                                       \
    const T *b = CK_ROW_START(const T, 3);                                                       \
    int64_t so = ck_row_step(launch, row, 0), sc = ck_row_step(launch, row, 1);                  \
    int64_t sa = ck_row_step(launch, row, 2), sb = ck_row_step(launch, row, 3);                  \
    if (so == 1 && sc == 1 && sa == 1 && sb == 1) {                                              \
      CK_INDEPENDENT for (int64_t i = 0; i < row->count; i++) {                                  \
        T va = a[i], vb = b[i];                                                                  \
        out[i] = condition[i] ? va : vb;                                                         \
      }                                                                                          \
    } else {                                                                                     \
      for (int64_t i = 0; i < row->count; i++) {                                                 \
        out[i * so] = condition[i * sc] ? a[i * sa] : b[i * sb];                                 \
      }                                                                                          \
    }                                                                                            \
  }                                                                                              \
  CK_TILE(where, dtype) {                                                                        \
    (void)scratch;                                                                               \
    ck_walk_rows(launch, begin, end, 4, ck_row_where_##dtype);                                   \
  }
CK_WHERE(i64, int64_t)
CK_WHERE(bool, uint8_t)
#undef CK_WHERE

#endif
