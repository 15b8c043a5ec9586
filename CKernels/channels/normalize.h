// From elements to normalised ones, and from gradients to gradients. Included for each floating-point type by channels.h.

#define channel_affine_plane CK_OF_DTYPE(channel_affine_plane)
#define channel_affine_rows CK_OF_DTYPE(channel_affine_rows)
#define channel_affine_items CK_OF_DTYPE(channel_affine_items)
#define channel_factors CK_OF_DTYPE(channel_factors)
#define channel_factors_of CK_OF_DTYPE(channel_factors_of)

/// What a channel's elements are mapped with: (x - center) * slope + offset, plus gradient * factor in a derivative.
typedef struct channel_factors {
  real center, slope, offset, factor;
} channel_factors;

CK_INLINE channel_factors channel_factors_of(const ck_launch *launch, const channel_space *space, channel_affine kind,
                                             int64_t image, int64_t channel) {
  if (kind != CHANNEL_FORWARD) {
    int64_t place = space->groups == 0 ? channel : image * space->channels + channel;
    const real *slopes = (const real *)launch->operands[3].data + place * CHANNEL_SLOPES;
    return (channel_factors){.factor = slopes[0], .slope = slopes[1], .offset = slopes[2], .center = slopes[3]};
  }
  const real *kept = (const real *)launch->operands[2].data + channel_owner(space, image, channel) * CHANNEL_KEPT;
  const real *weights = launch->operands[3].data, *biases = launch->operands[4].data;
  double weight = weights == NULL ? 1 : (double)weights[channel], bias = biases == NULL ? 0 : (double)biases[channel];
  return (channel_factors){
      .center = kept[0],
      .slope = (real)(weight * (double)kept[1]),
      .offset = (real)(bias + weight * (double)kept[2]),
  };
}

#define CHANNEL_VALUE(load_x, load_gradient, center, slope, offset, factor)                                   \
  (kind == CHANNEL_BACKWARD_GIVEN                                                                              \
       ? vf_mul(load_gradient, factor)                                                                         \
       : kind == CHANNEL_BACKWARD ? vf_fma(load_gradient, factor, vf_fma(vf_sub(load_x, center), slope, offset)) \
                                  : vf_fma(vf_sub(load_x, center), slope, offset))

/// One run of positions side by side. `x` and `gradient` are read where `kind` says so.
CK_INLINE void channel_affine_plane(stored *out, const stored *x, const stored *gradient, int64_t count,
                                    channel_factors factors, channel_affine kind, bool streams) {
  vf center = vf_set1(factors.center), slope = vf_set1(factors.slope), offset = vf_set1(factors.offset);
  vf factor = vf_set1(factors.factor);
#define CHANNEL_AT                                                                                             \
  CHANNEL_VALUE(vf_load_any(x + i, 1, n), vf_load_any(gradient + i, 1, n), center, slope, offset, factor)
  if (streams) {
    CK_FOR_ALIGNED_VECTORS(count, out, vf_stream(out + i, CHANNEL_AT, n);)
  } else {
    CK_FOR_VECTORS(count, vf_store_any(out + i, 1, CHANNEL_AT, n);)
  }
#undef CHANNEL_AT
}

/// `count` channels side by side, of `positions` positions. Factors lie by kind: centres, slopes, offsets, factors.
CK_INLINE void channel_affine_rows(channel_source out, channel_source x, channel_source gradient, int64_t positions,
                                   real factors[4][CHANNEL_RUN], int64_t count, channel_affine kind, bool streams) {
  // Whole vectors are stored past the caches where they are aligned in every row.
  const int64_t width = (int64_t)(VF_LANES * sizeof(stored));
  if ((uintptr_t)out.data % (uintptr_t)width != 0 || out.position_stride % VF_LANES != 0) streams = false;
  for (int64_t position = 0; position < positions; position++) {
    stored *to = out.data + position * out.position_stride;
    const stored *from = kind == CHANNEL_BACKWARD_GIVEN ? NULL : x.data + position * x.position_stride;
    const stored *incoming = kind == CHANNEL_FORWARD ? NULL : gradient.data + position * gradient.position_stride;
#define CHANNEL_AT                                                                                      \
  CHANNEL_VALUE(vf_load_any(from + i, 1, n), vf_load_any(incoming + i, 1, n), vf_load(factors[0] + i), \
                vf_load(factors[1] + i), vf_load(factors[2] + i), vf_load(factors[3] + i))
    if (streams) {
      CK_FOR_VECTORS(count, vf_stream(to + i, CHANNEL_AT, n);)
    } else {
      CK_FOR_VECTORS(count, vf_store_any(to + i, 1, CHANNEL_AT, n);)
    }
#undef CHANNEL_AT
  }
}

/// `kind` is a constant.
CK_INLINE void channel_affine_items(const ck_launch *launch, int64_t begin, int64_t end, channel_affine kind) {
  channel_space space = channel_space_of(launch);
  channel_source out = channel_source_of(&launch->operands[0]), x = channel_source_of(&launch->operands[1]);
  channel_source gradient = kind == CHANNEL_FORWARD ? x : channel_source_of(&launch->operands[2]);
  if (kind == CHANNEL_BACKWARD_GIVEN) x = gradient;
  while (begin < end) {
    channel_run run = channel_run_at(&space, begin, end);
    channel_part part = channel_part_at(&space, run.part);
    begin += run.last - run.first;
    const bool is_plane = out.position_stride == 1;
    const int64_t width = is_plane ? 1 : CHANNEL_RUN;
    for (int64_t c = run.first; c < run.last; c += width) {
      int64_t count = run.last - c < width ? run.last - c : width;
      real factors[4][CHANNEL_RUN];
      channel_factors one = {0};
      for (int64_t i = 0; i < count; i++) {
        one = channel_factors_of(launch, &space, kind, part.image, c + i);
        factors[0][i] = one.center;
        factors[1][i] = one.slope;
        factors[2][i] = one.offset;
        factors[3][i] = one.factor;
      }
      // The rest of the last vector is computed with and not stored.
      for (int64_t i = count; i < CHANNEL_RUN && i % VF_LANES != 0; i++) {
        for (int kind_of = 0; kind_of < 4; kind_of++) factors[kind_of][i] = 0;
      }
      for (int64_t image = part.image; image < part.image + part.images; image++) {
        channel_source to = out, from = x, incoming = gradient;
        to.data += image * to.image_stride + c * to.channel_stride + part.position * to.position_stride;
        from.data += image * from.image_stride + c * from.channel_stride + part.position * from.position_stride;
        incoming.data += image * incoming.image_stride + c * incoming.channel_stride;
        incoming.data += part.position * incoming.position_stride;
        if (is_plane) {
          channel_affine_plane(to.data, from.data, incoming.data, part.positions, one, kind, launch->streams);
        } else {
          channel_affine_rows(to, from, incoming, part.positions, factors, count, kind, launch->streams);
        }
      }
    }
  }
  if (launch->streams) vf32_streaming_fence();
}

/// out = (x - center) * scale * weight + shift * weight + bias. Operands:
///   out     {images, channels, positions}, may alias x exactly
///   x       {images, channels, positions}, laid out as out is
///   kept    what `channel_statistics` gives
///   weight  {channels}, or NULL for ones
///   bias    {channels}, or NULL for zeros
/// The parts are those of the sums or any others. Error: 2^-24 * (3 * |x - center| * scale * |weight| + |out|), and what
/// the statistics are off by. NaN: one in x makes itself NaN, and in the statistics all that have them.
CK_TILE(channel_normalize, CK_DTYPE) {
  (void)scratch;
  channel_affine_items(launch, begin, end, CHANNEL_FORWARD);
}

/// dx = gradient * factor + (x - center) * slope + offset. Operands:
///   dx        {images, channels, positions}, may alias the gradient or x exactly
///   x         the same, laid out as dx is; not read if integers[3] is not 0
///   gradient  the same, laid out as dx is
///   slopes    what `channel_slopes` gives
/// If integers[3] is not 0, the statistics did not depend on x, and dx = gradient * factor. Error: 2^-24 * 4 of each
/// term. NaN: one in the gradient or x makes itself NaN, and in the slopes all that have them.
CK_TILE(channel_backward, CK_DTYPE) {
  (void)scratch;
  if (launch->attributes.integers[3] != 0) {
    channel_affine_items(launch, begin, end, CHANNEL_BACKWARD_GIVEN);
  } else {
    channel_affine_items(launch, begin, end, CHANNEL_BACKWARD);
  }
}
