// Reading the elements at places that were found. Included for each floating-point type by windows/kernels.h.

/// out[o, D, H, W, c] = x[o, place, c] at the places that `window_max` gave this output; 0 where that is -1. Items are the
/// output's rows. Operands out, x, places (integers[0] says as what). Exact; bits are kept.
CK_TILE(window_pick, CK_DTYPE) {
  (void)scratch;
  const int64_t *shape = launch->shape, inner = shape[1], plane = shape[2] * shape[3] * shape[4] * inner;
  const int64_t rows = shape[5] * shape[6], length = shape[7] * inner;
  const bool wide = launch->attributes.integers[0] != 0;
  const void *places = launch->operands[2].data;
  for (int64_t item = begin; item < end; item++) {
    const stored *x = (const stored *)launch->operands[1].data + item / rows * plane;
    stored *out = (stored *)launch->operands[0].data + item * length;
    for (int64_t o = 0, channel = 0; o < length; o++) {
      const int64_t at = item * length + o;
      const int64_t place = wide ? ((const int64_t *)places)[at] : ((const integer *)places)[at];
      if (place < 0) {
        memset(out + o, 0, sizeof(stored));
      } else {
        out[o] = x[place * inner + channel];
      }
      if (++channel == inner) channel = 0;
    }
  }
}
