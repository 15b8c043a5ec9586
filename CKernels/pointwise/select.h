// Selection: operands out, condition (bool), a, b; out is a where the condition holds, else b, bit for bit.
// No attributes. The 16-bit floats are chosen as bits, and those that are computed with as vectors. The output may lie
// exactly on a or on b, and on the condition where all are bools.
#ifndef CK_POINTWISE_SELECT_H
#define CK_POINTWISE_SELECT_H

#define CK_WHERE(dtype, T)                                                                           \
  static CK_DENSE(ck_dense_where_##dtype) {         \
    (void)how;                                                                                       \
    T *out = first;                                                                            \
    const uint8_t *condition = second;                                                          \
    const T *a = third, *b = fourth;                                                      \
    CK_INDEPENDENT for (int64_t i = 0; i < count; i++) {                                             \
      T va = a[i], vb = b[i];                                                                        \
      out[i] = condition[i] ? va : vb;                                                               \
    }                                                                                                \
  }                                                                                                  \
  CK_POINTWISE(where, dtype, ck_dense_where_##dtype, 4, 0, T, uint8_t, T, T)
CK_WHERE(i64, int64_t)
CK_WHERE(f16, uint16_t)
CK_WHERE(bf16, uint16_t)
CK_WHERE(bool, uint8_t)
#undef CK_WHERE

#endif
