// The greatest element of windows. Included for each floating-point type by windows/kernels.h.

/// Elements and the places that they have in their plane.
typedef struct window_best {
  vf value;
  vi place;
} window_best;

/// What there is before the first element.
CK_INLINE window_best window_max_none(void) {
  return (window_best){vf_set1((real)-INFINITY), vi_set1(WINDOW_NO_PLACE)};
}

/// Rows in order: of equal elements the first stays, and each NaN takes the place of what was before it. `finds` is a
/// constant: whether places are wanted; that of a row's element is then where the row begins.
CK_INLINE void window_max_group(real *values, integer *places, int64_t length, const stored *const *rows,
                                const integer *starts, int64_t count, bool is_first, bool finds) {
  CK_FOR_VECTORS(length, {
    window_best best = window_max_none();
    int64_t r = 0;
    if (!is_first) {
      best.value = CK_VF(load_any)(values + i, 1, n);
      if (finds) best.place = n == VF_LANES ? vi_load(places + i) : vi_load_first(places + i, n);
    } else if (count > 0) {
      best = (window_best){vf_load_any(rows[0] + i, 1, n), vi_set1(starts[0])};
      r = 1;
    }
    for (; r < count; r++) {
      vf value = vf_load_any(rows[r] + i, 1, n);
      vm takes = vm_or(vf_gt(value, best.value), vf_is_nan(value));
      best.value = vf_select(takes, value, best.value);
      if (finds) best.place = vi_select(takes, vi_set1(starts[r]), best.place);
    }
    CK_VF(store_any)(values + i, 1, best.value, n);
    if (finds) n == VF_LANES ? vi_store(places + i, best.place) : vi_store_first(places + i, best.place, n);
  })
}

/// The greatest elements of each column of the rows of `x` in the window of row `at`, and where their rows begin.
CK_INLINE void window_max_rows(real *values, integer *places, int64_t inner, const stored *x, const ck_window_axis *axes,
                               window_row at, bool finds) {
  const ck_window_axis *depth = &axes[0], *height = &axes[1];
  const int64_t width = axes[2].input, length = width * inner;
  const stored *rows[WINDOW_ROWS];
  integer starts[WINDOW_ROWS];
  int64_t count = 0;
  bool is_first = true;
  for (int64_t p = 0; p < depth->counts[at.d]; p++) {
    for (int64_t q = 0; q < height->counts[at.h]; q++) {
      const int64_t row = window_source(depth, p, at.d) * height->input + window_source(height, q, at.h);
      rows[count] = x + row * length;
      starts[count] = (integer)(row * width);
      if (++count == WINDOW_ROWS) {
        window_max_group(values, places, length, rows, starts, count, is_first, finds);
        is_first = false;
        count = 0;
      }
    }
  }
  if (count > 0 || is_first) window_max_group(values, places, length, rows, starts, count, is_first, finds);
}

/// The better of two columns' elements. Places decide between equal ones and between NaNs, since columns are looked
/// at one after the other, and not a window's elements.
CK_INLINE window_best window_max_better(window_best best, window_best next, bool finds) {
  vm is_nan = vf_is_nan(next.value), takes = vm_or(vf_gt(next.value, best.value), is_nan);
  if (finds) {
    vm is_later = vi_gt(next.place, best.place);
    vm first_nan = vm_andnot(vf_is_nan(best.value), is_nan);
    vm equal = vf_eq(next.value, best.value);
    vm moves = vm_or(vf_gt(next.value, best.value), vm_or(first_nan, vm_and(is_nan, is_later)));
    moves = vm_or(moves, vm_andnot(is_later, equal));
    best.place = vi_select(moves, next.place, best.place);
  }
  best.value = vf_select(takes, next.value, best.value);
  return best;
}

/// The lanes' columns, for taps of outputs `o` and on.
CK_INLINE vi window_places_at(const ck_window_axis *axis, int64_t t, int64_t o, int64_t n, int64_t step) {
  const int32_t *sources = axis->sources + t * axis->output + o;
  if (step == 1) return vi_add(vi_set1(sources[0]), vi_iota());
  if (step == 2) return vi_add(vi_set1(sources[0]), vi_shift_left(vi_iota(), 1));
  integer lanes[VF_LANES] = {0};
  CK_SHORT_LOOP for (int64_t lane = 0; lane < n; lane++) lanes[lane] = sources[lane];
  return vi_load(lanes);
}

/// Stores places as integers of this width, or as int64 if `wide`; -1 where there was no element.
CK_INLINE void window_store_places(void *out, bool wide, int64_t at, vi places, int64_t n) {
  places = vi_select(vi_gt(vi_set1(WINDOW_NO_PLACE), places), places, vi_set1(-1));
  if (!wide || CK_BITS == 64) {
    integer *to = (integer *)out + at;
    n == VF_LANES ? vi_store(to, places) : vi_store_first(to, places, n);
    return;
  }
  integer lanes[VF_LANES];
  vi_store(lanes, places);
  for (int64_t lane = 0; lane < n; lane++) ((int64_t *)out)[at + lane] = lanes[lane];
}

CK_INLINE vi window_load_places(const void *in, bool wide, int64_t at, int64_t n) {
  const integer *from = (const integer *)in + at;
  if (!wide || CK_BITS == 64) return n == VF_LANES ? vi_load(from) : vi_load_first(from, n);
  integer lanes[VF_LANES] = {0};
  for (int64_t lane = 0; lane < n; lane++) lanes[lane] = (integer)((const int64_t *)in)[at + lane];
  return vi_load(lanes);
}

/// Outputs `begin ..< end` of a row, as many vectors as go into a regular stretch, and the rest where there is none.
/// Returns the first that is left.
CK_INLINE int64_t window_max_across(stored *out, void *at, int64_t first, const real *values, const integer *places,
                                    const ck_window_axis *axis, int64_t begin, int64_t end, int64_t step, bool finds,
                                    bool wide) {
  int64_t o = begin;
  while (step == 0 ? o < end : o + VF_LANES <= end) {
    const int64_t n = end - o < VF_LANES ? end - o : VF_LANES;
    window_best best = window_max_none();
    for (int64_t t = 0; t < axis->taps; t++) {
      window_best next = {window_lanes(values, axis, t, o, n, step), vi_set1(0)};
      if (finds) {
        vi start = vf_as_vi(window_lanes((const real *)places, axis, t, o, n, step));
        next.place = vi_add(start, window_places_at(axis, t, o, n, step));
      }
      best = window_max_better(best, next, finds);
    }
    vf_store_any(out + first + o, 1, best.value, n);
    if (finds) window_store_places(at, wide, first + o, best.place, n);
    o += n;
  }
  return o;
}

CK_INLINE void window_max_columns(stored *out, void *at, int64_t first, const real *values, const integer *places,
                                  const ck_window_axis *axis, bool finds, bool wide) {
#define WINDOW_MAX_ACROSS(begin, end, step) \
  window_max_across(out, at, first, values, places, axis, begin, end, step, finds, wide)
  int64_t o = WINDOW_MAX_ACROSS(0, axis->regular_begin, 0);
  if (axis->period == 1 && axis->step == 1) {
    o = WINDOW_MAX_ACROSS(o, axis->regular_end, 1);
  } else if (axis->period == 1 && axis->step == 2) {
    o = WINDOW_MAX_ACROSS(o, axis->regular_end, 2);
  }
  WINDOW_MAX_ACROSS(o, axis->output, 0);
#undef WINDOW_MAX_ACROSS
}

CK_INLINE void window_max_channels(stored *out, void *at, int64_t first, const real *values, const integer *places,
                                   const ck_window_axis *axis, int64_t inner, bool finds, bool wide) {
  for (int64_t o = 0; o < axis->output; o++) {
    CK_FOR_VECTORS(inner, {
      window_best best = window_max_none();
      for (int64_t t = 0; t < axis->counts[o]; t++) {
        const int64_t column = window_source(axis, t, o), element = column * inner + i;
        window_best next = {CK_VF(load_any)(values + element, 1, n), vi_set1(0)};
        if (finds) {
          vi start = n == VF_LANES ? vi_load(places + element) : vi_load_first(places + element, n);
          next.place = vi_add(start, vi_set1((integer)column));
        }
        best = window_max_better(best, next, finds);
      }
      vf_store_any(out + first + o * inner + i, 1, best.value, n);
      if (finds) window_store_places(at, wide, first + o * inner + i, best.place, n);
    })
  }
}

CK_INLINE void window_max_items(const ck_launch *launch, int64_t begin, int64_t end, void *scratch, bool finds) {
  const int64_t *shape = launch->shape, inner = shape[1], length = shape[4] * inner;
  const int64_t room = length + inner + 2 * VF_LANES;
  const ck_window_axis *axes = launch->operands[3].data;
  const bool wide = launch->attributes.integers[0] != 0;
  real *values = scratch;
  integer *places = (integer *)(values + room);
  // What taps behind the last one of an output find: nothing that is taken, since its place is later than any other.
  for (int64_t i = length; i < room; i++) {
    values[i] = (real)-INFINITY;
    places[i] = WINDOW_NO_PLACE;
  }
  window_row at = window_row_at(begin, shape[5], shape[6]);
  for (int64_t item = begin; item < end; item++) {
    const stored *x = (const stored *)launch->operands[2].data + at.outer * shape[2] * shape[3] * length;
    const int64_t first = item * shape[7] * inner;
    window_max_rows(values, places, inner, x, axes, at, finds);
    if (inner == 1) {
      window_max_columns(launch->operands[0].data, launch->operands[1].data, first, values, places, &axes[2], finds, wide);
    } else {
      window_max_channels(launch->operands[0].data, launch->operands[1].data, first, values, places, &axes[2], inner,
                          finds, wide);
    }
    window_row_next(&at, shape[5], shape[6]);
  }
}

/// out[o, D, H, W, c] = the greatest x[o, d, h, w, c] of the window; -infinity, and the
/// place -1, of a window without elements. Items are
/// the output's rows.
/// Operands out, places or NULL, x (not the same memory), tables without weights, whose places ascend. A place is that of
/// the greatest element in its plane, (d * h' + h) * w' + w: an integer as wide as what is computed with, or int64 if
/// integers[0] is not zero; planes have fewer than 2^30 elements. Of equal elements it is that of the first. Scratch
/// memory for twice w * inner elements that are computed with, and twice two vectors and `inner` elements more.
/// Exact. NaN: in a window the result is NaN, and the place that of the last one.
CK_TILE(window_max, CK_DTYPE) {
  if (launch->operands[1].data) {
    window_max_items(launch, begin, end, scratch, true);
  } else {
    window_max_items(launch, begin, end, scratch, false);
  }
}
