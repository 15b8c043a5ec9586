// Copies: operands out, x. No attributes; bits are kept. The output may not overlap the input but for lying
// exactly on it, in which case nothing changes.
#ifndef CK_POINTWISE_COPY_H
#define CK_POINTWISE_COPY_H

/// Transposes a strip of at most CK_TRANSPOSE_ROWS rows, so many columns of it at a time that their cache lines stay
/// while the rows are gone through.
#define CK_TRANSPOSE_STRIP_SCALAR(dtype, T)                                                        \
  static void ck_transpose_strip_##dtype(T *out, int64_t so, const T *x, int64_t sx, int64_t rows, \
                                         int64_t columns, bool streams) {                          \
    enum { columns_at_once = 64 };                                                                 \
    (void)streams;                                                                                 \
    for (int64_t first = 0; first < columns; first += columns_at_once) {                           \
      const int64_t end = columns - first < columns_at_once ? columns : first + columns_at_once;   \
      for (int64_t r = 0; r < rows; r++) {                                                         \
        for (int64_t c = first; c < end; c++) out[r * so + c] = x[r + c * sx];                     \
      }                                                                                            \
    }                                                                                              \
  }
CK_TRANSPOSE_STRIP_SCALAR(i64, int64_t)
CK_TRANSPOSE_STRIP_SCALAR(bool, uint8_t)
CK_TRANSPOSE_STRIP_SCALAR(f16, uint16_t)
CK_TRANSPOSE_STRIP_SCALAR(bf16, uint16_t)
#undef CK_TRANSPOSE_STRIP_SCALAR

/// Whether the two innermost dimensions are transposed in x and not in the output.
CK_INLINE bool ck_copy_is_transposition(const ck_launch *launch) {
  if (launch->rank < 2) return false;
  int last = launch->rank - 1;
  const int64_t *out = launch->operands[0].strides, *x = launch->operands[1].strides;
  return launch->shape[last] > 1 && launch->shape[last - 1] > 1 && out[last] == 1 && x[last - 1] == 1 &&
         x[last] != 1 && x[last] != 0;
}

/// Copies a piece of a row.
#define CK_COPY_ROW(dtype, T)                                                                      \
  CK_INLINE void ck_row_copy_##dtype(const ck_launch *launch, const ck_row *row,                   \
                                      const void *context) {                                       \
    (void)context;                                                                                 \
    T *out = CK_ROW_START(T, 0);                                                                   \
    const T *x = CK_ROW_START(const T, 1);                                                         \
    int64_t so = ck_row_step(launch, row, 0), sx = ck_row_step(launch, row, 1);                    \
    int64_t count = row->count;                                                                    \
    if (so == 1 && sx == 1) {                                                                      \
      if (count == 1) *out = *x;                                                                   \
      else if (out != x) memcpy(out, x, (size_t)count * sizeof(T));                                \
    } else if (so == 1 && sx == 0) {                                                               \
      T value = *x;                                                                                \
      for (int64_t i = 0; i < count; i++) out[i] = value;                                          \
    } else if (so == 1) {                                                                          \
      for (int64_t i = 0; i < count; i++) out[i] = x[i * sx];                                      \
    } else {                                                                                       \
      for (int64_t i = 0; i < count; i++) out[i * so] = x[i * sx];                                 \
    }                                                                                              \
  }

/// Copies the whole rows `begin ..< end` of a transposed space in strips. The rows are counted over all
/// outer dimensions; those that share a plane of the two innermost dimensions are taken together.
#define CK_COPY_TRANSPOSED(dtype, T)                                                               \
  static void ck_copy_transposed_##dtype(const ck_launch *launch, int64_t begin, int64_t end) {    \
    int last = launch->rank - 1;                                                                   \
    int64_t plane_rows = launch->shape[last - 1], columns = launch->shape[last];                   \
    int64_t so = launch->operands[0].strides[last - 1], sx = launch->operands[1].strides[last];    \
    while (begin < end) {                                                                          \
      int64_t first = begin % plane_rows, plane = begin / plane_rows;                              \
      int64_t rows = plane_rows - first < end - begin ? plane_rows - first : end - begin;          \
      T *out = (T *)launch->operands[0].data + first * so;                                         \
      const T *x = (const T *)launch->operands[1].data + first;                                    \
      for (int d = last - 2; d >= 0; d--) {                                                        \
        int64_t index = plane % launch->shape[d];                                                  \
        plane /= launch->shape[d];                                                                 \
        out += index * launch->operands[0].strides[d];                                             \
        x += index * launch->operands[1].strides[d];                                               \
      }                                                                                            \
      bool streams = launch->streams && (uintptr_t)out % 64 == 0 && so * (int64_t)sizeof(T) % 64 == 0; \
      for (int64_t r = 0; r < rows; r += CK_TRANSPOSE_ROWS) {                                      \
        int64_t some_rows = rows - r < CK_TRANSPOSE_ROWS ? rows - r : CK_TRANSPOSE_ROWS;           \
        ck_transpose_strip_##dtype(out + r * so, so, x + r, sx, some_rows, columns, streams);      \
      }                                                                                            \
      begin += rows;                                                                               \
    }                                                                                              \
  }

/// The tile function: strips for the whole rows of a transposition, rows otherwise.
#define CK_COPY(dtype, T)                                                                          \
  CK_COPY_ROW(dtype, T)                                                                            \
  CK_COPY_TRANSPOSED(dtype, T)                                                                     \
  CK_TILE(copy, dtype) {                                                                           \
    (void)scratch;                                                                                 \
    int64_t strips_begin = begin, strips_end = begin;                                              \
    if (end - begin > 1 && ck_copy_is_transposition(launch)) {                                     \
      int64_t columns = launch->shape[launch->rank - 1];                                           \
      int64_t first_row = (begin + columns - 1) / columns, last_row = end / columns;               \
      if (first_row < last_row) {                                                                  \
        ck_copy_transposed_##dtype(launch, first_row, last_row);                                   \
        if (launch->streams) vf32_streaming_fence();                                               \
        strips_begin = first_row * columns;                                                        \
        strips_end = last_row * columns;                                                           \
      }                                                                                            \
    }                                                                                              \
    ck_walk_rows(launch, begin, strips_begin, 2, ck_row_copy_##dtype, NULL);                             \
    ck_walk_rows(launch, strips_end, end, 2, ck_row_copy_##dtype, NULL);                                 \
  }

CK_COPY(f32, float)
CK_COPY(f64, double)
CK_COPY(f16, uint16_t)
CK_COPY(bf16, uint16_t)
CK_COPY(i64, int64_t)
CK_COPY(bool, uint8_t)

#undef CK_COPY
#undef CK_COPY_TRANSPOSED
#undef CK_COPY_ROW

#endif
