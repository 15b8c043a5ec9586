// Transpositions of squares of float32 and float64. Included for both by pointwise/pointwise.h.

#ifndef CK_TRANSPOSE_BLOCK
// A transposition reads down a column and writes along a row. Both sides of a square of this many elements
// fit the first-level cache, so that each cache line is fetched once.
#define CK_TRANSPOSE_BLOCK 64
#endif

/// Transposes `rows` x `columns` elements, up to VF_LANES of each: element (r, c) is x[r + c * sx] and
/// goes to out[r * so + c], past the caches if `streams`.
#define transpose_lanes CK_OF_DTYPE(ck_transpose_lanes)
CK_INLINE void transpose_lanes(stored *out, int64_t so, const stored *x, int64_t sx, int64_t rows,
                               int64_t columns, bool streams) {
  vf v[VF_LANES], w[VF_LANES];
  if (rows == VF_LANES && columns == VF_LANES) {
    for (int c = 0; c < VF_LANES; c++) v[c] = vf_load(x + c * sx);
  } else {
    for (int c = 0; c < VF_LANES; c++) v[c] = c < columns ? vf_load_first(x + c * sx, rows) : vf_zero();
  }
  // Each round is a perfect shuffle of the whole square; log2(VF_LANES) of them transpose it.
  for (int round = 1; round < VF_LANES; round *= 2) {
    for (int c = 0; c < VF_LANES / 2; c++) {
      w[2 * c] = vf_zip_low(v[c], v[c + VF_LANES / 2]);
      w[2 * c + 1] = vf_zip_high(v[c], v[c + VF_LANES / 2]);
    }
    for (int c = 0; c < VF_LANES; c++) v[c] = w[c];
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

/// Transposes a square of at most CK_TRANSPOSE_BLOCK rows and columns. Down the columns first: there x is read on.
#define transpose_block CK_OF_DTYPE(ck_transpose_block)
static void transpose_block(stored *out, int64_t so, const stored *x, int64_t sx, int64_t rows,
                            int64_t columns, bool streams) {
  for (int64_t c = 0; c < columns; c += VF_LANES) {
    for (int64_t r = 0; r < rows; r += VF_LANES) {
      int64_t some_rows = rows - r < VF_LANES ? rows - r : VF_LANES;
      int64_t some_columns = columns - c < VF_LANES ? columns - c : VF_LANES;
      transpose_lanes(out + r * so + c, so, x + r + c * sx, sx, some_rows, some_columns, streams);
    }
  }
}
