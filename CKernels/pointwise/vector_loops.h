// Inner loops over floats that lie side by side, for operations written on vectors. The operations come as pointers to
// inline functions, constant at every place of use. Included for each floating-point type by pointwise/floats.h: what is
// loaded becomes numbers that are computed with, and what is stored is rounded to elements, once.

#ifndef CK_FOR_TILE
/// Runs `part` for `i` and `n`, the vectors that are used in part, and `whole` for `i` once or several times, loops over
/// the whole vectors between them. Where results are streamed to `out`, the first part leads to where it is aligned. Each
/// stands for one copy of the operation in the compiled kernel, and of one element only `part` is run.
#define CK_FOR_TILE(out, count, how, part, whole)                                                       \
  {                                                                                                     \
    const bool streams = (how) & CK_STREAMS;                                                            \
    int64_t i = 0, n = streams ? stored_lead(out, count) : count < VF_LANES ? count : 0;                \
    for (;; n = count - i) {                                                                            \
      if (n > 0) {                                                                                      \
        part;                                                                                           \
        i += n;                                                                                         \
      }                                                                                                 \
      if (i == count) break;                                                                            \
      whole;                                                                                            \
    }                                                                                                   \
  }
/// A loop over whole vectors from `i` on, and one for operations that take less than going round.
#define CK_WHOLE_VECTORS(...)                                                                           \
  for (int64_t vectors = (count - i) / VF_LANES; vectors > 0; vectors--, i += VF_LANES) __VA_ARGS__
#define CK_WHOLE_VECTORS_CHEAPLY(...) _Pragma("clang loop unroll_count(4)") CK_WHOLE_VECTORS(__VA_ARGS__)
#endif

/// The first n lanes, of which there are fewer than a vector has. Of a single one all lanes are alike, which takes no mask
/// and gives it the same bits.
#define vf_load_part CK_OF_DTYPE(ck_load_part)
CK_INLINE vf vf_load_part(const stored *p, int64_t n) { return n == 1 ? vf_repeat(p) : vf_load_stored_first(p, n); }
#define vf_store_part CK_OF_DTYPE(ck_store_part)
CK_INLINE void vf_store_part(stored *p, vf v, int64_t n) {
  n == 1 ? vf_store_stored_first(p, v, 1) : vf_store_stored_first(p, v, n);
}

/// Stores a whole vector, past the caches if `streams`, where p is aligned.
#define vf_store_whole CK_OF_DTYPE(ck_store_whole)
CK_INLINE void vf_store_whole(stored *p, vf v, bool streams) {
  streams ? vf_store_stored_streaming(p, v) : vf_store_stored(p, v);
}

#define dense_unary CK_OF_DTYPE(ck_dense_unary)
CK_INLINE void dense_unary(void *first, const void *second, int64_t count, unsigned how, vf (*f)(vf)) {
  stored *out = first;
  const stored *x = second;
  CK_FOR_TILE(out, count, how, vf_store_part(out + i, f(vf_load_part(x + i, n)), n),
              CK_WHOLE_VECTORS(vf_store_whole(out + i, f(vf_load_stored(x + i)), streams);))
}

#define dense_cheap_unary CK_OF_DTYPE(ck_dense_cheap_unary)
CK_INLINE void dense_cheap_unary(void *first, const void *second, int64_t count, unsigned how, vf (*f)(vf)) {
  stored *out = first;
  const stored *x = second;
  CK_FOR_TILE(out, count, how, vf_store_part(out + i, f(vf_load_part(x + i, n)), n),
              CK_WHOLE_VECTORS_CHEAPLY(vf_store_whole(out + i, f(vf_load_stored(x + i)), streams);))
}

#define dense_binary CK_OF_DTYPE(ck_dense_binary)
CK_INLINE void dense_binary(void *first, const void *second, const void *third, int64_t count, unsigned how, vf (*f)(vf, vf)) {
  stored *out = first;
  const stored *a = second, *b = third;
  CK_FOR_TILE(out, count, how, vf_store_part(out + i, f(vf_load_part(a + i, n), vf_load_part(b + i, n)), n),
              CK_WHOLE_VECTORS(vf_store_whole(out + i, f(vf_load_stored(a + i), vf_load_stored(b + i)), streams);))
}

/// As `dense_binary`, for operations that are cheap enough for loops of their own where one operand is a single element.
#define dense_arithmetic CK_OF_DTYPE(ck_dense_arithmetic)
CK_INLINE void dense_arithmetic(void *first, const void *second, const void *third, int64_t count, unsigned how, vf (*f)(vf, vf)) {
  stored *out = first;
  const stored *a = second, *b = third;
  const bool repeats_a = how & CK_REPEATS(1), repeats_b = how & CK_REPEATS(2);
  CK_FOR_TILE(
      out, count, how,
      {
        vf va = repeats_a ? vf_repeat(a) : vf_load_part(a + i, n);
        vf vb = repeats_b ? vf_repeat(b) : vf_load_part(b + i, n);
        vf_store_part(out + i, f(va, vb), n);
      },
      {
        if (repeats_a && repeats_b) {
          vf v = f(vf_repeat(a), vf_repeat(b));
          CK_WHOLE_VECTORS_CHEAPLY(vf_store_whole(out + i, v, streams);)
        } else if (repeats_b) {
          vf vb = vf_repeat(b);
          CK_WHOLE_VECTORS_CHEAPLY(vf_store_whole(out + i, f(vf_load_stored(a + i), vb), streams);)
        } else if (repeats_a) {
          vf va = vf_repeat(a);
          CK_WHOLE_VECTORS_CHEAPLY(vf_store_whole(out + i, f(va, vf_load_stored(b + i)), streams);)
        } else {
          CK_WHOLE_VECTORS_CHEAPLY(vf_store_whole(out + i, f(vf_load_stored(a + i), vf_load_stored(b + i)), streams);)
        }
      })
}

#define dense_compare CK_OF_DTYPE(ck_dense_compare)
CK_INLINE void dense_compare(void *first, const void *second, const void *third, int64_t count, vm (*f)(vf, vf)) {
  uint8_t *out = first;
  const stored *a = second, *b = third;
  CK_FOR_TILE((stored *)first, count, 0,
              n == 1 ? vm_store_bytes_first(out + i, f(vf_repeat(a + i), vf_repeat(b + i)), 1)
                     : vm_store_bytes_first(out + i, f(vf_load_stored_first(a + i, n), vf_load_stored_first(b + i, n)), n),
              CK_WHOLE_VECTORS_CHEAPLY(vm_store_bytes(out + i, f(vf_load_stored(a + i), vf_load_stored(b + i)));) (void)streams)
}

/// Defines the tile function of an operation out = f(x) on floats.
#define CK_UNARY(op, f)                                                                                 \
  static CK_DENSE(CK_OF_DTYPE(ck_dense_##op)) {        \
    dense_unary(first, second, count, how, f);                                                               \
  }                                                                                                     \
  CK_POINTWISE(op, CK_DTYPE, CK_OF_DTYPE(ck_dense_##op), 2, 0, stored, stored, stored, stored)

/// As CK_UNARY, for operations of an instruction or two.
#define CK_CHEAP_UNARY(op, f)                                                                           \
  static CK_DENSE(CK_OF_DTYPE(ck_dense_##op)) {        \
    dense_cheap_unary(first, second, count, how, f);                                                         \
  }                                                                                                     \
  CK_POINTWISE(op, CK_DTYPE, CK_OF_DTYPE(ck_dense_##op), 2, 0, stored, stored, stored, stored)

/// Defines the tile function of an operation out = f(a, b) on floats.
#define CK_BINARY(op, f)                                                                                \
  static CK_DENSE(CK_OF_DTYPE(ck_dense_##op)) {        \
    dense_binary(first, second, third, count, how, f);                                                              \
  }                                                                                                     \
  CK_POINTWISE(op, CK_DTYPE, CK_OF_DTYPE(ck_dense_##op), 3, 0, stored, stored, stored, stored)

/// As CK_BINARY, with loops of its own where one operand is a single element.
#define CK_ARITHMETIC(op, f)                                                                            \
  static CK_DENSE(CK_OF_DTYPE(ck_dense_##op)) {        \
    dense_arithmetic(first, second, third, count, how, f);                                                          \
  }                                                                                                     \
  CK_POINTWISE(op, CK_DTYPE, CK_OF_DTYPE(ck_dense_##op), 3, CK_REPEATS(1) | CK_REPEATS(2), stored, stored, \
               stored, stored)

/// Defines the tile function of a comparison out = f(a, b) of floats, with a bool output.
#define CK_COMPARE(op, f)                                                                               \
  static CK_DENSE(CK_OF_DTYPE(ck_dense_##op)) {        \
    (void)how;                                                                                          \
    dense_compare(first, second, third, count, f);                                                                  \
  }                                                                                                     \
  CK_POINTWISE(op, CK_DTYPE, CK_OF_DTYPE(ck_dense_##op), 3, 0, uint8_t, stored, stored, stored)
