// Loops over rows of integers, bools and mixtures of types, for operations written on one element. The
// compiler makes vectors of the loops with constant steps; it is told that no element depends on an earlier
// one, which holds because an input may lie exactly on the output but not across it.
#ifndef CK_POINTWISE_SCALAR_LOOPS_H
#define CK_POINTWISE_SCALAR_LOOPS_H

/// Defines the tile function of out = expression(x), from elements of type Tx to elements of type To.
#define CK_SCALAR_UNARY(op, dtype, To, Tx, expression)                                           \
  CK_INLINE void ck_row_##op##_##dtype(const ck_launch *launch, const ck_row *row) {             \
    To *out = CK_ROW_START(To, 0);                                                               \
    const Tx *xs = CK_ROW_START(const Tx, 1);                                                    \
    int64_t so = ck_row_step(launch, row, 0), sx = ck_row_step(launch, row, 1);                  \
    int64_t count = row->count;                                                                  \
    if (so == 1 && sx == 1) {                                                                    \
      CK_INDEPENDENT for (int64_t i = 0; i < count; i++) {                                       \
        Tx x = xs[i];                                                                            \
        out[i] = (expression);                                                                   \
      }                                                                                          \
    } else {                                                                                     \
      for (int64_t i = 0; i < count; i++) {                                                      \
        Tx x = xs[i * sx];                                                                       \
        out[i * so] = (expression);                                                              \
      }                                                                                          \
    }                                                                                            \
  }                                                                                              \
  CK_TILE(op, dtype) {                                                                           \
    (void)scratch;                                                                               \
    ck_walk_rows(launch, begin, end, 2, ck_row_##op##_##dtype);                                  \
  }

/// Defines the tile function of out = expression(a, b), from elements of type Tx to elements of type To.
#define CK_SCALAR_BINARY(op, dtype, To, Tx, expression)                                          \
  CK_INLINE void ck_row_##op##_##dtype(const ck_launch *launch, const ck_row *row) {             \
    To *out = CK_ROW_START(To, 0);                                                               \
    const Tx *as = CK_ROW_START(const Tx, 1);                                                    \
    const Tx *bs = CK_ROW_START(const Tx, 2);                                                    \
    int64_t so = ck_row_step(launch, row, 0);                                                    \
    int64_t sa = ck_row_step(launch, row, 1), sb = ck_row_step(launch, row, 2);                  \
    int64_t count = row->count;                                                                  \
    if (so == 1 && sa == 1 && sb == 1) {                                                         \
      CK_INDEPENDENT for (int64_t i = 0; i < count; i++) {                                       \
        Tx a = as[i], b = bs[i];                                                                 \
        out[i] = (expression);                                                                   \
      }                                                                                          \
    } else if (so == 1 && sa == 1 && sb == 0) {                                                  \
      Tx b = *bs;                                                                                \
      CK_INDEPENDENT for (int64_t i = 0; i < count; i++) {                                       \
        Tx a = as[i];                                                                            \
        out[i] = (expression);                                                                   \
      }                                                                                          \
    } else if (so == 1 && sa == 0 && sb == 1) {                                                  \
      Tx a = *as;                                                                                \
      CK_INDEPENDENT for (int64_t i = 0; i < count; i++) {                                       \
        Tx b = bs[i];                                                                            \
        out[i] = (expression);                                                                   \
      }                                                                                          \
    } else {                                                                                     \
      for (int64_t i = 0; i < count; i++) {                                                      \
        Tx a = as[i * sa], b = bs[i * sb];                                                       \
        out[i * so] = (expression);                                                              \
      }                                                                                          \
    }                                                                                            \
  }                                                                                              \
  CK_TILE(op, dtype) {                                                                           \
    (void)scratch;                                                                               \
    ck_walk_rows(launch, begin, end, 3, ck_row_##op##_##dtype);                                  \
  }

#endif
