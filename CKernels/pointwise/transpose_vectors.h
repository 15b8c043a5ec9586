// Transpositions of strips of float32 and float64. Included for both by pointwise/pointwise.h.

#ifndef CK_TRANSPOSE_ROWS
// A transposition reads down columns and writes along rows, a strip of so many rows at a time. Lines of all of them are
// being written at once: where rows lie a power of two apart, their lines share a few sets of the caches, which more
// would overflow. Fewer would read less of each column in one go.
#define CK_TRANSPOSE_ROWS 32
// How many columns ahead x is fetched: hardware sees no pattern in pieces of different pages.
#define CK_TRANSPOSE_FETCH 32
#endif

/// Transposes `rows` x `columns` elements, up to VF_LANES of each: element (r, c) is x[r + c * sx] and
/// goes to out[r * so + c], past the caches if `streams`.
#define transpose_lanes CK_OF_DTYPE(ck_transpose_lanes)
CK_INLINE void transpose_lanes(stored *out, int64_t so, const stored *x, int64_t sx, int64_t rows,
                               int64_t columns, bool streams) {
  vf v[VF_LANES];
  if (rows == VF_LANES && columns == VF_LANES) {
    vf_load_transposed(v, x, sx);
  } else {
#pragma clang loop unroll(full)
    for (int c = 0; c < VF_LANES; c++) v[c] = c < columns ? vf_load_first(x + c * sx, rows) : vf_zero();
    vf_transpose(v);
  }
  if (rows == VF_LANES && columns == VF_LANES && streams) {
    for (int r = 0; r < VF_LANES; r++) vf_store_stored_streaming(out + r * so, v[r]);
  } else if (rows == VF_LANES && columns == VF_LANES) {
    for (int r = 0; r < VF_LANES; r++) vf_store(out + r * so, v[r]);
  } else {
    // An index that is constant after unrolling keeps the vectors in registers.
    for (int r = 0; r < VF_LANES; r++) {
      if (r < rows) vf_store_first(out + r * so, v[r], columns);
    }
  }
}

/// Transposes a strip of at most CK_TRANSPOSE_ROWS rows, as many columns of it at a time as make a square of vectors.
#define transpose_strip CK_OF_DTYPE(ck_transpose_strip)
static void transpose_strip(stored *out, int64_t so, const stored *x, int64_t sx, int64_t rows,
                            int64_t columns, bool streams) {
  for (int64_t c = 0; c < columns; c += VF_LANES) {
    const int64_t some_columns = columns - c < VF_LANES ? columns - c : VF_LANES;
    const bool fetches = c + CK_TRANSPOSE_FETCH + VF_LANES <= columns;
    for (int64_t r = 0; r < rows; r += VF_LANES) {
      const int64_t some_rows = rows - r < VF_LANES ? rows - r : VF_LANES;
      if (fetches && r * (int64_t)sizeof(stored) % 64 == 0) {
        const stored *next = x + r + (c + CK_TRANSPOSE_FETCH) * sx;
        for (int i = 0; i < VF_LANES; i++) __builtin_prefetch(next + i * sx, 0, 2);
      }
      transpose_lanes(out + r * so + c, so, x + r + c * sx, sx, some_rows, some_columns, streams);
    }
  }
}
