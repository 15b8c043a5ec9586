// Generation: operand out, which may be strided.
#ifndef CK_POINTWISE_GENERATE_H
#define CK_POINTWISE_GENERATE_H

/// Defines the tile function that sets element i of the output to `expression`, after `setup` of the row.
#define CK_GENERATE(op, dtype, T, setup, expression)                                   \
  CK_INLINE void ck_row_##op##_##dtype(const ck_launch *launch, const ck_row *row,     \
                                      const void *context) {                          \
    (void)context;                                                                     \
    const ck_attributes *attributes = &launch->attributes;                             \
    T *out = CK_ROW_START(T, 0);                                                       \
    int64_t so = ck_row_step(launch, row, 0);                                          \
    int64_t count = row->count, first = row->first;                                    \
    (void)first;                                                                       \
    setup;                                                                             \
    if (so == 1) {                                                                     \
      CK_INDEPENDENT for (int64_t i = 0; i < count; i++) out[i] = (expression);        \
    } else {                                                                           \
      for (int64_t i = 0; i < count; i++) out[i * so] = (expression);                  \
    }                                                                                  \
  }                                                                                    \
  CK_TILE(op, dtype) {                                                                 \
    (void)scratch;                                                                     \
    ck_walk_rows(launch, begin, end, 1, ck_row_##op##_##dtype, NULL);                  \
  }

// fill: every element becomes numbers[0] (floats) or integers[0] (i64; bool: true unless 0).
// arange: element i of the row-major space becomes start + i * step. Floats: start is numbers[0], step numbers[1],
// computed in double and rounded once. i64: start is integers[0], step integers[1]; overflow wraps.
#define CK_GENERATE_FLOATS(dtype)                                                                        \
  CK_GENERATE(fill, dtype, ck_stored_##dtype,                                                            \
              ck_stored_##dtype value = ck_f64_to_##dtype(attributes->numbers[0]), value)                \
  CK_GENERATE(arange, dtype, ck_stored_##dtype,                                                          \
              double start = attributes->numbers[0]; double step = attributes->numbers[1],               \
              ck_f64_to_##dtype(start + (double)(first + i) * step))
CK_GENERATE_FLOATS(f32)
CK_GENERATE_FLOATS(f64)
CK_GENERATE_FLOATS(f16)
CK_GENERATE_FLOATS(bf16)
#undef CK_GENERATE_FLOATS
CK_GENERATE(fill, i64, int64_t, int64_t value = attributes->integers[0], value)
CK_GENERATE(fill, bool, uint8_t, uint8_t value = attributes->integers[0] != 0, value)
CK_GENERATE(arange, i64, int64_t, uint64_t start = (uint64_t)attributes->integers[0];
            uint64_t step = (uint64_t)attributes->integers[1], start + (uint64_t)(first + i) * step)

#undef CK_GENERATE

#endif
