// The derivative of the greatest element of windows. Included for each floating-point type by windows/kernels.h.

/// Adds gradients in the order of the outputs to a part of one plane, from place `low` on.
CK_INLINE void window_scatter(real *sum, int64_t low, int64_t count, const stored *gradient, const void *places,
                              bool wide, int64_t first, int64_t last) {
#pragma clang loop unroll_count(8)
  for (int64_t o = first; o < last; o++) {
    const int64_t place = wide ? ((const int64_t *)places)[o] : ((const integer *)places)[o];
    const uint64_t at = (uint64_t)(place - low);
    if (at < (uint64_t)count) sum[at] += real_of_stored(gradient[o]);
  }
}

/// A row of gradients where channels lie last: each place asks the outputs whose windows it is in, in their order.
CK_INLINE void window_collect(stored *out, const stored *gradient, const void *places, bool wide,
                              const ck_window_axis *axes, window_row at, int64_t inner, int64_t base) {
  const ck_window_axis *depth = &axes[0], *height = &axes[1], *width = &axes[2];
  const int64_t start = (at.d * height->output + at.h) * width->output;
  for (int64_t w = 0; w < width->output; w++) {
    const vi own = vi_set1((integer)(start + w));
    CK_FOR_VECTORS(inner, {
      vf sum = vf_zero();
      for (int64_t p = 0; p < depth->counts[at.d]; p++) {
        for (int64_t q = 0; q < height->counts[at.h]; q++) {
          const int64_t row = window_source(depth, p, at.d) * height->input + window_source(height, q, at.h);
          for (int64_t t = 0; t < width->counts[w]; t++) {
            const int64_t from = base + (row * width->input + window_source(width, t, w)) * inner + i;
            vm chosen = vi_eq(window_load_places(places, wide, from, n), own);
            sum = vf_add(sum, vf_select(chosen, vf_load_any(gradient + from, 1, n), vf_zero()));
          }
        }
      }
      vf_store_any(out + w * inner + i, 1, sum, n);
    })
  }
}

/// out[o, d, h, w, c] = the sum of the gradients of those outputs whose place this is, in the outputs' order. Here the
/// input's planes are those of the gradient, and the tables say which outputs a place is in the window of, ascending.
/// Operands out, gradient, places as `window_max` gives them (integers[0] says as what), tables.
/// Where channels lie last, items are rows. Where planes lie row-major, integers[1] items are a plane: parts of axis
/// integers[2], before which sizes are 1; scratch memory then has room for the elements of a part that are computed with.
/// Error: one rounding for each addition; 16-bit elements are added up as float32. NaN: propagates.
CK_TILE(window_max_backward, CK_DTYPE) {
  const int64_t *shape = launch->shape, inner = shape[1];
  const ck_window_axis *axes = launch->operands[3].data;
  const bool wide = launch->attributes.integers[0] != 0;
  const stored *gradient = launch->operands[1].data;
  const char *places = launch->operands[2].data;
  const int64_t inputs = shape[2] * shape[3] * shape[4], outputs = shape[5] * shape[6] * shape[7];
  stored *out = launch->operands[0].data;
  if (inner > 1) {
    window_row at = window_row_at(begin, shape[5], shape[6]);
    for (int64_t item = begin; item < end; item++) {
      window_collect(out + item * shape[7] * inner, gradient, places, wide, axes, at, inner, at.outer * inputs * inner);
      window_row_next(&at, shape[5], shape[6]);
    }
    return;
  }
  const int64_t parts = launch->attributes.integers[1];
  const int split = (int)launch->attributes.integers[2];
  const ck_window_axis *axis = &axes[split];
  int64_t before = 1, step = 1, from_step = 1;
  for (int a = 0; a < split; a++) before *= shape[2 + a];
  for (int a = split + 1; a < 3; a++) {
    step *= shape[5 + a];
    from_step *= shape[2 + a];
  }
  real *sum = scratch;
  for (int64_t item = begin; item < end; item++) {
    const int64_t outer = item / parts, part = item % parts;
    const int64_t low = axis->output * part / parts, high = axis->output * (part + 1) / parts;
    // The outputs that have any place of this part in their windows.
    int64_t first = axis->input, last = 0;
    for (int64_t o = low; o < high; o++) {
      const int64_t count = axis->counts[o];
      if (count == 0) continue;
      if (window_source(axis, 0, o) < first) first = window_source(axis, 0, o);
      if (window_source(axis, count - 1, o) >= last) last = window_source(axis, count - 1, o) + 1;
    }
    const int64_t count = (high - low) * step;
    memset(sum, 0, (size_t)count * sizeof(real));
    const stored *from = gradient + outer * inputs;
    const char *at = places + outer * inputs * (wide ? (int64_t)sizeof(int64_t) : (int64_t)sizeof(integer));
    for (int64_t b = 0; b < before; b++) {
      const int64_t start = b * axis->input * from_step;
      if (wide) {
        window_scatter(sum, low * step, count, from, at, true, start + first * from_step, start + last * from_step);
      } else {
        window_scatter(sum, low * step, count, from, at, false, start + first * from_step, start + last * from_step);
      }
    }
    stored *to = out + outer * outputs + low * step;
    CK_FOR_VECTORS(count, { vf_store_any(to + i, 1, CK_VF(load_any)(sum + i, 1, n), n); })
  }
}
