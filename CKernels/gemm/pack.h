// Packing: copying a block of A or B into panels that the micro-kernel reads from first to last.
//
// A panel holds `width` lines (rows of A, columns of B) side by side: element p of line i lies at
// panel[p * step + i]. A line is described by where its first element is, the stride to the next line and
// the stride along it; whichever of the two is 1, whole vectors are moved.

/// Transposes a square block of vectors: each pass interleaves the first half with the second.
CK_INLINE void ck_gemm_transpose(vf32 block[VF32_LANES]) {
#pragma clang loop unroll(full)
  for (int width = 1; width < VF32_LANES; width *= 2) {
    vf32 mixed[VF32_LANES];
#pragma clang loop unroll(full)
    for (int i = 0; i < VF32_LANES / 2; i++) {
      mixed[2 * i] = vf32_zip_low(block[i], block[i + VF32_LANES / 2]);
      mixed[2 * i + 1] = vf32_zip_high(block[i], block[i + VF32_LANES / 2]);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < VF32_LANES; i++) block[i] = mixed[i];
  }
}

/// Packs up to VF32_LANES lines that are contiguous. Lanes without a line become zero. Every element p
/// stores a whole vector: where `step` is smaller, its end is overwritten by element p + 1, and that of the
/// last element lies behind the panel.
static void ck_gemm_pack_along(float *panel, int64_t step, const float *source, int64_t line_stride, int64_t lines,
                               int64_t depth) {
  int64_t p = 0;
  if (lines == VF32_LANES) {
    for (; p + VF32_LANES <= depth; p += VF32_LANES) {
      vf32 block[VF32_LANES];
#pragma clang loop unroll(full)
      for (int i = 0; i < VF32_LANES; i++) block[i] = vf32_load(source + i * line_stride + p);
      ck_gemm_transpose(block);
#pragma clang loop unroll(full)
      for (int i = 0; i < VF32_LANES; i++) vf32_store(panel + (p + i) * step, block[i]);
    }
  }
  for (; p < depth; p += VF32_LANES) {
    const int64_t count = depth - p < VF32_LANES ? depth - p : VF32_LANES;
    vf32 block[VF32_LANES];
    if (count == VF32_LANES) {
#pragma clang loop unroll(full)
      for (int i = 0; i < VF32_LANES; i++) block[i] = i < lines ? vf32_load(source + i * line_stride + p) : vf32_zero();
    } else {
#pragma clang loop unroll(full)
      for (int i = 0; i < VF32_LANES; i++)
        block[i] = i < lines ? vf32_load_first(source + i * line_stride + p, count) : vf32_zero();
    }
    ck_gemm_transpose(block);
#pragma clang loop unroll(full)
    for (int i = 0; i < VF32_LANES; i++)
      if (i < count) vf32_store(panel + (p + i) * step, block[i]);
  }
}

/// Packs up to VF32_LANES lines that lie side by side. Stores as `ck_gemm_pack_along` does.
static void ck_gemm_pack_across(float *panel, int64_t step, const float *source, int64_t stride, int64_t lines,
                                int64_t depth) {
  if (lines == VF32_LANES) {
    for (int64_t p = 0; p < depth; p++) vf32_store(panel + p * step, vf32_load(source + p * stride));
  } else {
    for (int64_t p = 0; p < depth; p++) vf32_store(panel + p * step, vf32_load_first(source + p * stride, lines));
  }
}

/// Packs up to VF32_LANES lines of any strides. Stores as `ck_gemm_pack_along` does.
static void ck_gemm_pack_scattered(float *panel, int64_t step, const float *source, int64_t line_stride,
                                   int64_t stride, int64_t lines, int64_t depth) {
  for (int64_t p = 0; p < depth; p++) {
    vf32_store(panel + p * step, vf32_gather_strided_first(source + p * stride, line_stride, lines));
  }
}

/// Packs `lines` lines of `depth` elements into a panel `width` lines wide, filled up with zeros. Where
/// `width` is no multiple of VF32_LANES it is below VF32_LANES, and up to VF32_LANES - width floats behind
/// the panel are written too: pack panels in ascending order, with room behind the last.
static void ck_gemm_pack_panel(float *panel, int64_t width, const float *source, int64_t line_stride, int64_t stride,
                               int64_t lines, int64_t depth) {
  for (int64_t first = 0; first < width; first += VF32_LANES) {
    const int64_t left = lines - first, group = left < 0 ? 0 : left < VF32_LANES ? left : VF32_LANES;
    // With no line left the pointer stays where it is: it is not read.
    const float *group_source = group > 0 ? source + first * line_stride : source;
    float *group_panel = panel + first;
    if (group == 0) {
      for (int64_t p = 0; p < depth; p++) vf32_store(group_panel + p * width, vf32_zero());
    } else if (stride == 1) {
      ck_gemm_pack_along(group_panel, width, group_source, line_stride, group, depth);
    } else if (line_stride == 1) {
      ck_gemm_pack_across(group_panel, width, group_source, stride, group, depth);
    } else {
      ck_gemm_pack_scattered(group_panel, width, group_source, line_stride, stride, group, depth);
    }
  }
}
_Static_assert(CK_GEMM_ROWS % VF32_LANES == 0 || CK_GEMM_ROWS < VF32_LANES, "a panel of A is packed in whole vectors");

/// Packs B for `gemm_f32`.
///
/// Operands: packed (out, dense: [batch][panel][k][panel_columns], columns beyond n are zero), B (strides
/// batch, k, column; any). Shape {batch, k, n}. integers[0] = panel_columns of the plan. Items are panels,
/// batch * ceil(n / panel_columns). The output may not overlap B. Values are copied bit by bit, NaN too.
CK_TILE(gemm_pack, f32) {
  (void)scratch;
  enum { step_rows = 16 };
  const int64_t k = launch->shape[1], n = launch->shape[2], width = launch->attributes.integers[0];
  const int64_t panels = (n + width - 1) / width;
  const ck_operand *b = &launch->operands[1];
  const int64_t b_k = b->strides[1], b_column = b->strides[2];

  for (int64_t item = begin; item < end;) {
    const int64_t batch = item / panels, panel = item % panels;
    int64_t count = panels - panel < end - item ? panels - panel : end - item;
    const float *source = (const float *)b->data + batch * b->strides[0] + panel * width * b_column;
    float *packed = (float *)launch->operands[0].data + item * width * k;
    // Rows of B that lie contiguously are read a few at a time across all the panels asked for, so that
    // memory is read in long runs.
    const int64_t depth_step = b_column == 1 && b_k != 1 ? step_rows : k;
    for (int64_t p = 0; p < k; p += depth_step) {
      const int64_t depth = k - p < depth_step ? k - p : depth_step;
      for (int64_t j = 0; j < count; j++) {
        const int64_t left = n - (panel + j) * width;
        ck_gemm_pack_panel(packed + (j * k + p) * width, width, source + p * b_k + j * width * b_column, b_column, b_k,
                           left < width ? left : width, depth);
      }
    }
    item += count;
  }
}
