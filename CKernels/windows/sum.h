// Weighted sums over windows. Included for each floating-point type by windows/kernels.h.

/// The vector at `i` of `sum`, or zero in the first group, plus that of each row times its weight.
#define WINDOW_SUM_STREAM(streams, i, n)                                                                    \
  {                                                                                                         \
    vf total[WINDOW_STREAMS];                                                                               \
    for (int s = 0; s < (streams); s++) {                                                                   \
      total[s] = is_first ? vf_zero() : CK_VF(load_any)(sum + (i) + s * VF_LANES, 1, n);                    \
    }                                                                                                       \
    for (int64_t r = 0; r < count; r++) {                                                                   \
      const vf weight = vf_set1(weights[r]);                                                                \
      for (int s = 0; s < (streams); s++) {                                                                 \
        total[s] = vf_add(total[s], vf_mul(weight, vf_load_any(rows[r] + (i) + s * VF_LANES, 1, n)));       \
      }                                                                                                     \
    }                                                                                                       \
    for (int s = 0; s < (streams); s++) CK_VF(store_any)(sum + (i) + s * VF_LANES, 1, total[s], n);         \
  }

static void window_sum_group(real *sum, int64_t length, const stored *const *rows, const real *weights, int64_t count,
                             bool is_first) {
  int64_t i = 0;
  for (; i + WINDOW_STREAMS * VF_LANES <= length; i += WINDOW_STREAMS * VF_LANES) {
    WINDOW_SUM_STREAM(WINDOW_STREAMS, i, VF_LANES)
  }
  for (; i + VF_LANES <= length; i += VF_LANES) WINDOW_SUM_STREAM(1, i, VF_LANES)
  if (i < length) WINDOW_SUM_STREAM(1, i, length - i)
}
#undef WINDOW_SUM_STREAM

/// The weighted sum of the rows of `x`, each of `length` elements, in the window of row `at`.
static void window_sum_rows(real *sum, int64_t length, const stored *x, const ck_window_axis *axes, window_row at) {
  const ck_window_axis *depth = &axes[0], *height = &axes[1];
  const stored *rows[WINDOW_ROWS];
  real weights[WINDOW_ROWS];
  int64_t count = 0;
  bool is_first = true;
  for (int64_t p = 0; p < depth->counts[at.d]; p++) {
    const real outer = depth->weights ? ((const real *)depth->weights)[p * depth->output + at.d] : 1;
    const stored *plane = x + window_source(depth, p, at.d) * height->input * length;
    for (int64_t q = 0; q < height->counts[at.h]; q++) {
      const real weight = height->weights ? ((const real *)height->weights)[q * height->output + at.h] : 1;
      rows[count] = plane + window_source(height, q, at.h) * length;
      weights[count] = outer * weight;
      if (++count == WINDOW_ROWS) {
        window_sum_group(sum, length, rows, weights, count, is_first);
        is_first = false;
        count = 0;
      }
    }
  }
  if (count > 0 || is_first) window_sum_group(sum, length, rows, weights, count, is_first);
}

/// Stores sums of outputs `o` and on along w, divided by what they are to be. `divisor` is that of the row.
CK_INLINE void window_sum_finish(stored *out, const ck_window_axis *axis, real divisor, bool divides, int64_t o, vf sum,
                                 int64_t n) {
  if (divides) {
    const real *along = axis->divisors;
    vf by = vf_set1(divisor);
    if (along) by = vf_mul(by, CK_VF(load_any)(along + o, 1, n));
    sum = vf_div(sum, by);
  }
  vf_store_any(out + o, 1, sum, n);
}

CK_INLINE vf window_sum_lanes(const real *row, const ck_window_axis *axis, int64_t o, int64_t n, int64_t step) {
  const real *weights = axis->weights;
  vf sum = vf_zero();
  for (int64_t t = 0; t < axis->taps; t++) {
    vf tap = window_lanes(row, axis, t, o, n, step);
    if (weights) {
      const real *weight = weights + t * axis->output + o;
      tap = vf_mul(step ? vf_set1(*weight) : CK_VF(load_any)(weight, 1, n), tap);
    }
    sum = vf_add(sum, tap);
  }
  return sum;
}

/// Outputs `begin ..< end` of a row, as many vectors as go into a regular stretch, and the rest where there is none.
/// Returns the first that is left.
CK_INLINE int64_t window_sum_across(stored *out, const real *row, const ck_window_axis *axis, real divisor, bool divides,
                                    int64_t begin, int64_t end, int64_t step) {
  int64_t o = begin;
  for (; o + VF_LANES <= end; o += VF_LANES) {
    window_sum_finish(out, axis, divisor, divides, o, window_sum_lanes(row, axis, o, VF_LANES, step), VF_LANES);
  }
  if (step == 0 && o < end) {
    window_sum_finish(out, axis, divisor, divides, o, window_sum_lanes(row, axis, o, end - o, 0), end - o);
    o = end;
  }
  return o;
}

/// As `window_sum_across`, of a regular stretch whose period is 2: the even and the odd outputs each have taps side by
/// side.
CK_INLINE int64_t window_sum_phases(stored *out, const real *row, const ck_window_axis *axis, real divisor, bool divides,
                                    int64_t begin, int64_t end) {
  const real *weights = axis->weights;
  int64_t o = begin;
  for (; o + 2 * VF_LANES <= end; o += 2 * VF_LANES) {
    vf even = vf_zero(), odd = vf_zero();
    for (int64_t t = 0; t < axis->taps; t++) {
      const int64_t tap = t * axis->output + o;
      vf a = vf_load(row + axis->sources[tap]), b = vf_load(row + axis->sources[tap + 1]);
      if (weights) {
        a = vf_mul(vf_set1(weights[tap]), a);
        b = vf_mul(vf_set1(weights[tap + 1]), b);
      }
      even = vf_add(even, a);
      odd = vf_add(odd, b);
    }
    window_sum_finish(out, axis, divisor, divides, o, vf_zip_low(even, odd), VF_LANES);
    window_sum_finish(out, axis, divisor, divides, o + VF_LANES, vf_zip_high(even, odd), VF_LANES);
  }
  return o;
}

/// A row of outputs from the sum of its input rows, where planes lie row-major.
static void window_sum_columns(stored *out, const real *row, const ck_window_axis *axis, real divisor, bool divides) {
  int64_t o = window_sum_across(out, row, axis, divisor, divides, 0, axis->regular_begin, 0);
  if (axis->period == 2) {
    o = window_sum_phases(out, row, axis, divisor, divides, o, axis->regular_end);
  } else if (axis->step == 1) {
    o = window_sum_across(out, row, axis, divisor, divides, o, axis->regular_end, 1);
  } else if (axis->step == 2) {
    o = window_sum_across(out, row, axis, divisor, divides, o, axis->regular_end, 2);
  }
  window_sum_across(out, row, axis, divisor, divides, o, axis->output, 0);
}

/// The same where channels lie last. `streams`: past the caches, which takes whole vectors on their own boundaries.
static void window_sum_channels(stored *out, const real *row, const ck_window_axis *axis, real divisor, bool divides,
                                int64_t inner, bool streams) {
  enum { most = WINDOW_TAPS };
  const real *weights = axis->weights, *divisors = axis->divisors;
  const real *taps[most];
  vf factors[most];
  for (int64_t o = 0; o < axis->output; o++, out += inner) {
    const vf by = vf_set1(divisors ? divisor * divisors[o] : divisor);
    const int64_t count = axis->counts[o], held = count < most ? count : most;
    for (int64_t t = 0; t < held; t++) {
      taps[t] = row + window_source(axis, t, o) * inner;
      factors[t] = vf_set1(weights ? weights[t * axis->output + o] : 1);
    }
    CK_FOR_VECTORS(inner, {
      vf sum = vf_zero();
      for (int64_t t = 0; t < held; t++) {
        const vf tap = n == VF_LANES ? vf_load(taps[t] + i) : CK_VF(load_any)(taps[t] + i, 1, n);
        sum = vf_add(sum, vf_mul(factors[t], tap));
      }
      for (int64_t t = held; t < count; t++) {
        vf tap = CK_VF(load_any)(row + window_source(axis, t, o) * inner + i, 1, n);
        if (weights) tap = vf_mul(vf_set1(weights[t * axis->output + o]), tap);
        sum = vf_add(sum, tap);
      }
      if (divides) sum = vf_div(sum, by);
      if (streams) {
        vf_store_stored_streaming(out + i, sum);
      } else {
        vf_store_any(out + i, 1, sum, n);
      }
    })
  }
}

/// out[o, D, H, W, c] = the sum over the window of weights * x[o, d, h, w, c], over the divisors' product. Items are the
/// output's rows. Operands out, x (not the same memory), tables, which may have weights and divisors. Scratch memory for
/// w * inner elements that are computed with, and two vectors and `inner` elements more.
/// 16-bit elements are added up as float32 and rounded once. Error: with k elements in a window and weights of magnitude
/// 1, (k + 2) * 2^-24 times the sum of the magnitudes. NaN: propagates to what its element is in a window of, as
/// infinities do with a weight of 0.
CK_TILE(window_sum, CK_DTYPE) {
  const int64_t *shape = launch->shape, inner = shape[1], length = shape[4] * inner;
  const ck_window_axis *axes = launch->operands[2].data, *depth = &axes[0], *height = &axes[1], *width = &axes[2];
  const bool divides = depth->divisors || height->divisors || width->divisors;
  const bool streams = launch->streams && inner % VF_LANES == 0 && (uintptr_t)launch->operands[0].data % 64 == 0;
  real *row = scratch;
  // What taps behind the last one of an output read, and what is read without need.
  memset(row + length, 0, (size_t)(inner + 2 * VF_LANES) * sizeof(real));
  window_row at = window_row_at(begin, shape[5], shape[6]);
  for (int64_t item = begin; item < end; item++) {
    const stored *x = (const stored *)launch->operands[1].data + at.outer * shape[2] * shape[3] * length;
    stored *out = (stored *)launch->operands[0].data + item * shape[7] * inner;
    real divisor = depth->divisors ? ((const real *)depth->divisors)[at.d] : 1;
    if (height->divisors) divisor *= ((const real *)height->divisors)[at.h];
    window_sum_rows(row, length, x, axes, at);
    if (inner == 1) {
      window_sum_columns(out, row, width, divisor, divides);
    } else {
      window_sum_channels(out, row, width, divisor, divides, inner, streams);
    }
    window_row_next(&at, shape[5], shape[6]);
  }
  if (streams) vf32_streaming_fence();
}
