// Moving elements to where tables say, and filling what is left.
#ifndef CK_WINDOWS_COPY_H
#define CK_WINDOWS_COPY_H

/// Fills `count` elements of `size` bytes.
CK_INLINE void window_fill(char *out, int64_t count, const void *value, int64_t size) {
  for (int64_t i = 0; i < count; i++) memcpy(out + i * size, value, (size_t)size);
}

/// `size` is a constant: the elements are only moved, so that their type does not matter.
CK_INLINE void window_copy_items(const ck_launch *launch, int64_t begin, int64_t end, int64_t size) {
  const int64_t *shape = launch->shape, inner = shape[1], length = shape[4] * inner;
  const ck_window_axis *axes = launch->operands[2].data, *depth = &axes[0], *height = &axes[1], *width = &axes[2];
  const void *value = &launch->attributes.integers[0];
  const int64_t regular = width->step == 1 && width->period == 1 ? width->regular_end - width->regular_begin : 0;
  window_row at = window_row_at(begin, shape[5], shape[6]);
  for (int64_t item = begin; item < end; item++, window_row_next(&at, shape[5], shape[6])) {
    char *out = (char *)launch->operands[0].data + item * shape[7] * inner * size;
    if (depth->counts[at.d] == 0 || height->counts[at.h] == 0) {
      window_fill(out, shape[7] * inner, value, size);
      continue;
    }
    const int64_t row = (at.outer * shape[2] + depth->sources[at.d]) * shape[3] + height->sources[at.h];
    const char *x = (const char *)launch->operands[1].data + row * length * size;
    int64_t o = 0;
    while (o < width->output) {
      char *to = out + o * inner * size;
      if (width->counts[o] == 0) {
        window_fill(to, inner, value, size);
        o++;
      } else if (regular > 0 && o == width->regular_begin) {
        memcpy(to, x + width->sources[o] * inner * size, (size_t)(regular * inner * size));
        o += regular;
      } else if (inner == 1) {
        memcpy(to, x + width->sources[o] * size, (size_t)size);
        o++;
      } else {
        memcpy(to, x + width->sources[o] * inner * size, (size_t)(inner * size));
        o++;
      }
    }
  }
}

/// Defines a tile function as `window_copy_f32`.
///
/// out[o, D, H, W, c] = x[o, d, h, w, c] at the places that the tables say, of which an output has one on each axis;
/// where it has none on some, the value whose bits integers[0] begins with. Items are the output's rows. Operands out,
/// x (not the same memory), tables without weights. Exact; bits are kept.
#define CK_DEFINE(dtype, T)                               \
  CK_TILE(window_copy, dtype) {                           \
    (void)scratch;                                        \
    window_copy_items(launch, begin, end, sizeof(T));     \
  }
CK_DEFINE(f32, float)
CK_DEFINE(f64, double)
CK_DEFINE(f16, ck_f16)
CK_DEFINE(bf16, ck_bf16)
CK_DEFINE(i64, int64_t)
CK_DEFINE(bool, uint8_t)
#undef CK_DEFINE

#endif
