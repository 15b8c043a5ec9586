// Inner loops over integers, bools and mixtures of types, for operations written on one element. The compiler makes
// vectors of them; it is told that no element depends on an earlier one, which holds because an input may lie exactly on
// the output but not across it.
#ifndef CK_POINTWISE_SCALAR_LOOPS_H
#define CK_POINTWISE_SCALAR_LOOPS_H

/// Defines the tile function of out = expression(x), from elements of type Tx to elements of type To.
#define CK_SCALAR_UNARY(op, dtype, To, Tx, expression)                                                   \
  static CK_DENSE(ck_dense_##op##_##dtype) {            \
    (void)how;                                                                                           \
    To *out = first;                                                                               \
    const Tx *xs = second;                                                                          \
    CK_INDEPENDENT for (int64_t i = 0; i < count; i++) {                                                 \
      Tx x = xs[i];                                                                                      \
      out[i] = (expression);                                                                             \
    }                                                                                                    \
  }                                                                                                      \
  CK_POINTWISE(op, dtype, ck_dense_##op##_##dtype, 2, 0, To, Tx, Tx, Tx)

/// Defines the tile function of out = expression(a, b), from elements of type Tx to elements of type To.
#define CK_SCALAR_BINARY(op, dtype, To, Tx, expression)                                                  \
  static CK_DENSE(ck_dense_##op##_##dtype) {            \
    (void)how;                                                                                           \
    To *out = first;                                                                               \
    const Tx *as = second, *bs = third;                                                       \
    CK_INDEPENDENT for (int64_t i = 0; i < count; i++) {                                                 \
      Tx a = as[i], b = bs[i];                                                                           \
      out[i] = (expression);                                                                             \
    }                                                                                                    \
  }                                                                                                      \
  CK_POINTWISE(op, dtype, ck_dense_##op##_##dtype, 3, 0, To, Tx, Tx, Tx)

#endif
