// Packing: copying a block of A or B into panels that the micro-kernel reads from first to last.
//
// A panel holds `width` lines (rows of A, columns of B) side by side: element p of line i lies at
// panel[p * step + i]. A line is described by where its first element is, the stride to the next line and
// the stride along it; whichever of the two is 1, whole vectors are moved.

// Included for each floating-point type, by gemm.h and by convolution.h; elements become what is computed with on the way.

/// Packs what is no whole square: up to VF_LANES elements of up to VF_LANES lines, as in panels of A narrower than a
/// vector. Stores as `ck_gemm_pack_along` does. Not inlined, where all its addresses would be computed ahead of whole
/// squares, which need none of them.
__attribute__((noinline)) static void ck_gemm_pack_edge(real *panel, int64_t step, const stored *source,
                                                        int64_t line_stride, int64_t lines, int64_t count) {
  vf square[VF_LANES];
  if (lines == VF_LANES) {
#pragma clang loop unroll(full)
    for (int i = 0; i < VF_LANES; i++) square[i] = vf_load_stored_first(source + i * line_stride, count);
  } else if (count == VF_LANES) {
#pragma clang loop unroll(full)
    for (int i = 0; i < VF_LANES; i++) square[i] = i < lines ? vf_load_stored(source + i * line_stride) : vf_zero();
  } else {
#pragma clang loop unroll(full)
    for (int i = 0; i < VF_LANES; i++)
      square[i] = i < lines ? vf_load_stored_first(source + i * line_stride, count) : vf_zero();
  }
  vf_transpose(square);
#pragma clang loop unroll(full)
  for (int i = 0; i < VF_LANES; i++)
    if (i < count) vf_store(panel + i * step, square[i]);
}

/// Packs up to VF_LANES lines that are contiguous. Lanes without a line become zero. Every element p
/// stores a whole vector: where `step` is smaller, its end is overwritten by element p + 1, and that of the
/// last element lies behind the panel.
static void ck_gemm_pack_along(real *panel, int64_t step, const stored *source, int64_t line_stride, int64_t lines,
                               int64_t depth) {
  int64_t p = 0;
  for (; lines == VF_LANES && p + VF_LANES <= depth; p += VF_LANES) {
    vf square[VF_LANES];
    vf_load_stored_transposed(square, source + p, line_stride);
#pragma clang loop unroll(full)
    for (int i = 0; i < VF_LANES; i++) vf_store(panel + (p + i) * step, square[i]);
  }
  for (; p < depth; p += VF_LANES) {
    const int64_t count = depth - p < VF_LANES ? depth - p : VF_LANES;
    ck_gemm_pack_edge(panel + p * step, step, source + p, line_stride, lines, count);
  }
}

/// Packs up to VF_LANES lines that lie side by side. Stores as `ck_gemm_pack_along` does.
static void ck_gemm_pack_across(real *panel, int64_t step, const stored *source, int64_t stride, int64_t lines,
                                int64_t depth) {
  if (lines == VF_LANES) {
    for (int64_t p = 0; p < depth; p++) vf_store(panel + p * step, vf_load_stored(source + p * stride));
  } else {
    for (int64_t p = 0; p < depth; p++) vf_store(panel + p * step, vf_load_stored_first(source + p * stride, lines));
  }
}

/// Packs up to VF_LANES lines of any strides. Stores as `ck_gemm_pack_along` does.
static void ck_gemm_pack_scattered(real *panel, int64_t step, const stored *source, int64_t line_stride,
                                   int64_t stride, int64_t lines, int64_t depth) {
  for (int64_t p = 0; p < depth; p++) {
    vf_store(panel + p * step, vf_load_any(source + p * stride, line_stride, lines));
  }
}

/// Packs `lines` lines of `depth` elements into a panel `width` lines wide, filled up with zeros. Where
/// `width` is no multiple of VF_LANES it is below VF_LANES, and up to VF_LANES - width floats behind
/// the panel are written too: pack panels in ascending order, with room behind the last.
static void ck_gemm_pack_panel(real *panel, int64_t width, const stored *source, int64_t line_stride, int64_t stride,
                               int64_t lines, int64_t depth) {
  for (int64_t first = 0; first < width; first += VF_LANES) {
    const int64_t left = lines - first, group = left < 0 ? 0 : left < VF_LANES ? left : VF_LANES;
    // With no line left the pointer stays where it is: it is not read.
    const stored *group_source = group > 0 ? source + first * line_stride : source;
    real *group_panel = panel + first;
    if (group == 0) {
      for (int64_t p = 0; p < depth; p++) vf_store(group_panel + p * width, vf_zero());
    } else if (stride == 1) {
      ck_gemm_pack_along(group_panel, width, group_source, line_stride, group, depth);
    } else if (line_stride == 1) {
      ck_gemm_pack_across(group_panel, width, group_source, stride, group, depth);
    } else {
      ck_gemm_pack_scattered(group_panel, width, group_source, line_stride, stride, group, depth);
    }
  }
}
_Static_assert(CK_GEMM_ROWS % VF_LANES == 0 || CK_GEMM_ROWS < VF_LANES, "a panel of A is packed in whole vectors");
