// What gradients are made with, from the sums of parts. Included for float32 and float64 by channels.h.

/// The sums of one channel over some parts, in order: of the gradient, and of its products with normalised elements.
#define channel_gather CK_OF_REAL(channel_gather)
CK_INLINE void channel_gather(double found[2], const double *sums, const channel_space *space, int64_t first_part,
                              int64_t last_part, int64_t channel, const real *kept) {
  double gradient = 0, product = 0;
  for (int64_t part = first_part; part < last_part; part++) {
    const double *of = sums + (part * space->channels + channel) * CHANNEL_SUMS;
    gradient += of[0];
    product += of[1];
  }
  found[0] = gradient;
  found[1] = product * (double)kept[1] + gradient * (double)kept[2];
}

/// What `channel_backward` takes for each channel, or image and channel. With y = (x - center) * scale + shift, what
/// forward gave before weight and bias, and g = gradient * weight, the derivative is
/// (g - mean(g) - y * mean(g * y)) * scale. Items are statistics: channels, or images and groups. Operands:
///   slopes  {channels, 4} or {images, channels, 4}: factors of gradient and distance, what is added, and the centre
///   sums    {parts, channels, 3} float64 of `channel_backward_sums`
///   kept    what `channel_statistics` gives
///   weight  {channels}, or NULL for ones
/// If integers[3] is not 0, statistics did not depend on x: the derivative is g * scale, and sums may be NULL.
CK_TILE(channel_slopes, CK_DTYPE) {
  (void)scratch;
  channel_space space = channel_space_of(launch);
  real *slopes = launch->operands[0].data;
  const double *sums = launch->operands[1].data;
  const real *weight = launch->operands[3].data;
  bool given = launch->attributes.integers[3] != 0;
  for (int64_t owner = begin; owner < end; owner++) {
    channel_members members = channel_members_of(&space, owner);
    const real *kept = (const real *)launch->operands[2].data + owner * CHANNEL_KEPT;
    double mean = 0, product = 0, scale = (double)kept[1];
    for (int64_t c = members.first_channel; !given && c < members.last_channel; c++) {
      double found[2], factor = weight == NULL ? 1 : (double)weight[c];
      channel_gather(found, sums, &space, members.first_part, members.last_part, c, kept);
      mean += factor * found[0];
      product += factor * found[1];
    }
    mean /= members.count;
    product /= members.count;
    int64_t image = space.groups == 0 ? 0 : owner / space.groups;
    for (int64_t c = members.first_channel; c < members.last_channel; c++) {
      real *to = slopes + (image * space.channels + c) * CHANNEL_SLOPES;
      to[0] = (real)((weight == NULL ? 1 : (double)weight[c]) * scale);
      to[1] = given ? 0 : (real)(-scale * scale * product);
      to[2] = given ? 0 : (real)(-scale * (mean + (double)kept[2] * product));
      to[3] = kept[0];
    }
  }
}

/// The gradients of weight and bias: over all images and positions, the sums of gradient * y and of the gradient. Items
/// are channels. Operands:
///   weight gradient, bias gradient   {channels}, or NULL
///   sums    {parts, channels, 3} float64 of `channel_backward_sums`
///   kept    what `channel_statistics` gives
CK_TILE(channel_shares, CK_DTYPE) {
  (void)scratch;
  channel_space space = channel_space_of(launch);
  real *of_weight = launch->operands[0].data, *of_bias = launch->operands[1].data;
  const double *sums = launch->operands[2].data;
  const real *kept = launch->operands[3].data;
  for (int64_t c = begin; c < end; c++) {
    double gradient = 0, product = 0, found[2];
    if (space.groups == 0) {
      channel_gather(found, sums, &space, 0, space.parts, c, kept + c * CHANNEL_KEPT);
      gradient = found[0];
      product = found[1];
    } else {
      for (int64_t image = 0; image < space.images; image++) {
        int64_t first = image * space.image_parts, owner = channel_owner(&space, image, c);
        channel_gather(found, sums, &space, first, first + space.image_parts, c, kept + owner * CHANNEL_KEPT);
        gradient += found[0];
        product += found[1];
      }
    }
    if (of_weight != NULL) of_weight[c] = (real)product;
    if (of_bias != NULL) of_bias[c] = (real)gradient;
  }
}
