// Selection: operands out, condition (bool), a, b; out is a where the condition holds, else b, bit for bit.
// No attributes. The 16-bit floats are chosen as bits, and those that are computed with as vectors. The output may lie
// exactly on a or on b, and on the condition where all are bools.
#ifndef CK_POINTWISE_SELECT_H
#define CK_POINTWISE_SELECT_H

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
CK_WHERE(f16, uint16_t)
CK_WHERE(bf16, uint16_t)
CK_WHERE(bool, uint8_t)
#undef CK_WHERE

#endif
