// The two sums of each part of a channel. Included for each floating-point type by channels.h.

#define channel_source CK_OF_DTYPE(channel_source)
#define channel_source_of CK_OF_DTYPE(channel_source_of)
#define channel_step CK_OF_DTYPE(channel_step)
#define channel_sum_plane CK_OF_DTYPE(channel_sum_plane)
#define channel_sum_rows CK_OF_DTYPE(channel_sum_rows)
#define channel_row_origins CK_OF_DTYPE(channel_row_origins)
#define channel_sum_items CK_OF_DTYPE(channel_sum_items)

/// An operand with an element for each point.
typedef struct channel_source {
  stored *data;
  int64_t image_stride, channel_stride, position_stride;
} channel_source;

CK_INLINE channel_source channel_source_of(const ck_operand *operand) {
  return (channel_source){operand->data, operand->strides[0], operand->strides[1], operand->strides[2]};
}

#define CHANNEL_VECTORS (CHANNEL_LANES / VF_LANES)

/// Adds the elements of the first `lanes` lanes to both sums: the distance of x from the centre and its square, or the
/// gradient and its product with the distance.
CK_INLINE void channel_step(vf first[CHANNEL_VECTORS], vf second[CHANNEL_VECTORS], const stored *x,
                            const stored *gradient, vf center, int64_t lanes) {
#pragma clang loop unroll(full)
  for (int v = 0; v < CHANNEL_VECTORS; v++) {
    int64_t rest = lanes - v * VF_LANES;
    if (rest <= 0) break;
    vf distance, term;
    if (rest >= VF_LANES) {
      distance = vf_sub(vf_load_stored(x + v * VF_LANES), center);
      term = gradient == NULL ? distance : vf_load_stored(gradient + v * VF_LANES);
    } else {
      // What no lane has must not count, nor make a NaN of an infinite centre.
      distance = vf_sub(vf_load_stored_first(x + v * VF_LANES, rest), center);
      distance = vf_select(vm_first(rest), distance, vf_zero());
      term = gradient == NULL ? distance : vf_load_stored_first(gradient + v * VF_LANES, rest);
    }
    first[v] = vf_add(first[v], term);
    second[v] = vf_fma(term, distance, second[v]);
  }
}

/// The sums of one part of one channel whose positions lie side by side. Without a gradient the centre is the mean of
/// the part's first elements.
CK_INLINE void channel_sum_plane(double sums[CHANNEL_SUMS], channel_source x, channel_source gradient, bool backward,
                                 channel_part part, int64_t channel, real center) {
  const stored *from = x.data + part.image * x.image_stride + channel * x.channel_stride + part.position;
  const stored *incoming = NULL;
  if (backward) {
    incoming = gradient.data + part.image * gradient.image_stride + channel * gradient.channel_stride + part.position;
  } else {
    int64_t count = part.positions < CHANNEL_LANES ? part.positions : CHANNEL_LANES;
    real lanes[CHANNEL_LANES] = {0};
    for (int64_t i = 0; i < count; i++) lanes[i] = (real)real_of_stored(from[i]);
    center = channel_origin(lanes, count);
  }
  real high[2][CHANNEL_LANES] = {0}, low[2][CHANNEL_LANES] = {0};
  vf first[CHANNEL_VECTORS], second[CHANNEL_VECTORS], centers = vf_set1(center);
  for (int v = 0; v < CHANNEL_VECTORS; v++) first[v] = second[v] = vf_zero();
  int64_t chain = 0;
  for (int64_t image = 0; image < part.images; image++) {
    for (int64_t position = 0; position < part.positions;) {
      int64_t left = part.positions - position, room = (CHANNEL_CHAIN - chain) * CHANNEL_LANES;
      int64_t last = position + (left < room ? left : room);
      chain += (last - position + CHANNEL_LANES - 1) / CHANNEL_LANES;
      if (backward) {
        for (; position + CHANNEL_LANES <= last; position += CHANNEL_LANES) {
          channel_step(first, second, from + position, incoming + position, centers, CHANNEL_LANES);
        }
        if (position < last) {
          channel_step(first, second, from + position, incoming + position, centers, last - position);
          position = last;
        }
      } else {
        for (; position + CHANNEL_LANES <= last; position += CHANNEL_LANES) {
          channel_step(first, second, from + position, NULL, centers, CHANNEL_LANES);
        }
        if (position < last) {
          channel_step(first, second, from + position, NULL, centers, last - position);
          position = last;
        }
      }
      if (chain < CHANNEL_CHAIN) continue;
      for (int v = 0; v < CHANNEL_VECTORS; v++) {
        channel_enter(high[0] + v * VF_LANES, low[0] + v * VF_LANES, first[v]);
        channel_enter(high[1] + v * VF_LANES, low[1] + v * VF_LANES, second[v]);
        first[v] = second[v] = vf_zero();
      }
      chain = 0;
    }
    from += x.image_stride;
    if (backward) incoming += gradient.image_stride;
  }
  for (int v = 0; chain > 0 && v < CHANNEL_VECTORS; v++) {
    channel_enter(high[0] + v * VF_LANES, low[0] + v * VF_LANES, first[v]);
    channel_enter(high[1] + v * VF_LANES, low[1] + v * VF_LANES, second[v]);
  }
  sums[0] = channel_fold(high[0], low[0]);
  sums[1] = channel_fold(high[1], low[1]);
  sums[2] = (double)center;
}

/// The means of the first elements of `count` channels that lie side by side: what `channel_origin` gives for each.
CK_INLINE void channel_row_origins(real *centers, const stored *x, int64_t stride, int64_t positions, int64_t count) {
  real lanes[CHANNEL_LANES][CHANNEL_RUN];
  int64_t rows = positions < CHANNEL_LANES ? positions : CHANNEL_LANES;
  for (int64_t i = 0; i < CHANNEL_LANES; i++) {
    for (int64_t c = 0; c < count; c += VF_LANES) {
      int64_t n = count - c < VF_LANES ? count - c : VF_LANES;
      vf_store(lanes[i] + c, i < rows ? vf_load_any(x + i * stride + c, 1, n) : vf_zero());
    }
  }
  for (int width = CHANNEL_LANES / 2; width > 0; width /= 2) {
    for (int i = 0; i < width; i++) {
      for (int64_t c = 0; c < count; c++) lanes[i][c] += lanes[i + width][c];
    }
  }
  for (int64_t c = 0; c < count; c++) centers[c] = lanes[0][c] / (real)rows;
}

/// The sums of one part of up to CHANNEL_RUN channels that lie side by side, each in the order of `channel_sum_plane`.
CK_APART void channel_sum_rows(double *sums, const channel_source *x, const channel_source *gradient,
                               const channel_part *part, int64_t channel, int64_t count, real *centers) {
  real chains[2][CHANNEL_LANES][CHANNEL_RUN], high[2][CHANNEL_LANES][CHANNEL_RUN], low[2][CHANNEL_LANES][CHANNEL_RUN];
  // Lanes that no position goes to stay 0.
  const int64_t used = part->positions < CHANNEL_LANES ? part->positions : CHANNEL_LANES;
  for (int sum = 0; sum < 2; sum++) {
    memset(chains[sum], 0, (size_t)used * sizeof chains[sum][0]);
    memset(high[sum], 0, (size_t)used * sizeof high[sum][0]);
    memset(low[sum], 0, (size_t)used * sizeof low[sum][0]);
  }
  const bool backward = gradient != NULL;
  int64_t stride = x->position_stride, step = backward ? gradient->position_stride : 0;
  const stored *from = x->data + part->image * x->image_stride + channel + part->position * stride;
  const stored *incoming = NULL;
  if (backward) {
    incoming = gradient->data + part->image * gradient->image_stride + channel + part->position * step;
  } else {
    channel_row_origins(centers, from, stride, part->positions, count);
  }
  int64_t chain = 0, whole = count / VF_LANES * VF_LANES;
  for (int64_t image = 0; image < part->images; image++) {
    for (int64_t position = 0; position < part->positions; position += CHANNEL_LANES) {
      int64_t lanes = part->positions - position < CHANNEL_LANES ? part->positions - position : CHANNEL_LANES;
      for (int64_t lane = 0; lane < lanes; lane++) {
        const stored *row = from + (position + lane) * stride;
        real *first = chains[0][lane], *second = chains[1][lane];
#define CHANNEL_ADD(load_x, load_gradient)                        \
  vf distance = vf_sub(load_x, vf_load(centers + c));             \
  vf term = backward ? load_gradient : distance;                  \
  vf_store(first + c, vf_add(vf_load(first + c), term));          \
  vf_store(second + c, vf_fma(term, distance, vf_load(second + c)));
        if (backward) {
          const stored *slopes = incoming + (position + lane) * step;
          for (int64_t c = 0; c < whole; c += VF_LANES) {
            CHANNEL_ADD(vf_load_stored(row + c), vf_load_stored(slopes + c))
          }
          if (whole < count) {
            int64_t c = whole, n = count - whole;
            CHANNEL_ADD(vf_load_stored_first(row + c, n), vf_load_stored_first(slopes + c, n))
          }
        } else {
          for (int64_t c = 0; c < whole; c += VF_LANES) {
            CHANNEL_ADD(vf_load_stored(row + c), distance)
          }
          if (whole < count) {
            int64_t c = whole, n = count - whole;
            CHANNEL_ADD(vf_load_stored_first(row + c, n), distance)
          }
        }
#undef CHANNEL_ADD
      }
      bool ends = image + 1 == part->images && position + CHANNEL_LANES >= part->positions;
      if (++chain < CHANNEL_CHAIN && !ends) continue;
      for (int sum = 0; sum < 2; sum++) {
        for (int64_t lane = 0; lane < used; lane++) {
          for (int64_t c = 0; c < count; c += VF_LANES) {
            channel_enter(high[sum][lane] + c, low[sum][lane] + c, vf_load(chains[sum][lane] + c));
            vf_store(chains[sum][lane] + c, vf_zero());
          }
        }
      }
      chain = 0;
    }
    from += x->image_stride;
    if (backward) incoming += gradient->image_stride;
  }
  double lanes[CHANNEL_LANES][CHANNEL_RUN];
  for (int sum = 0; sum < 2; sum++) {
    for (int64_t i = 0; i < used; i++) {
      for (int64_t c = 0; c < count; c++) lanes[i][c] = channel_whole(high[sum][i][c], low[sum][i][c]);
    }
    for (int64_t i = used; i < CHANNEL_LANES; i++) memset(lanes[i], 0, (size_t)count * sizeof lanes[i][0]);
    for (int width = CHANNEL_LANES / 2; width > 0; width /= 2) {
      for (int i = 0; i < width; i++) {
        for (int64_t c = 0; c < count; c++) lanes[i][c] += lanes[i + width][c];
      }
    }
    for (int64_t c = 0; c < count; c++) sums[c * CHANNEL_SUMS + sum] = lanes[0][c];
  }
  for (int64_t c = 0; c < count; c++) sums[c * CHANNEL_SUMS + 2] = (double)centers[c];
}

/// `backward` is a constant.
CK_INLINE void channel_sum_items(const ck_launch *launch, int64_t begin, int64_t end, bool backward) {
  channel_space space = channel_space_of(launch);
  double *sums = launch->operands[0].data;
  channel_source x = channel_source_of(&launch->operands[1]), gradient = {0};
  const real *kept = NULL;
  if (backward) {
    gradient = channel_source_of(&launch->operands[2]);
    kept = launch->operands[3].data;
  }
  while (begin < end) {
    channel_run run = channel_run_at(&space, begin, end);
    channel_part part = channel_part_at(&space, run.part);
    begin += run.last - run.first;
    double *to = sums + (run.part * space.channels + run.first) * CHANNEL_SUMS;
    if (x.position_stride == 1) {
      for (int64_t c = run.first; c < run.last; c++, to += CHANNEL_SUMS) {
        real center = backward ? kept[channel_owner(&space, part.image, c) * CHANNEL_KEPT] : 0;
        channel_sum_plane(to, x, gradient, backward, part, c, center);
      }
      continue;
    }
    for (int64_t c = run.first; c < run.last; c += CHANNEL_RUN) {
      int64_t count = run.last - c < CHANNEL_RUN ? run.last - c : CHANNEL_RUN;
      real centers[CHANNEL_RUN] = {0};
      for (int64_t i = 0; backward && i < count; i++) {
        centers[i] = kept[channel_owner(&space, part.image, c + i) * CHANNEL_KEPT];
      }
      channel_sum_rows(to, &x, backward ? &gradient : NULL, &part, c, count, centers);
      to += count * CHANNEL_SUMS;
    }
  }
}

// Operands:
//   sums      {parts, channels, 3} float64: of each part of a channel
//   x         {images, channels, positions}
//   gradient  {images, channels, positions}, laid out as x is
//   kept      per channel, or image and group, five numbers of which the first is the centre
// Nothing overlaps.

/// The distances of a part's elements from a number near them, their squares, and that number: the mean of the first
/// elements. Error: of each sum 2^-24 * 20 times the sum of its terms' magnitudes. NaN: spreads to its part.
CK_TILE(channel_sums, CK_DTYPE) {
  (void)scratch;
  channel_sum_items(launch, begin, end, false);
}

/// The sums of the gradient, and of its products with the elements' distances from their centre, and the centre. Error
/// and NaN as above.
CK_TILE(channel_backward_sums, CK_DTYPE) {
  (void)scratch;
  channel_sum_items(launch, begin, end, true);
}
