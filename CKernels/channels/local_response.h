// Local response norm. Included for float32 and float64 by channels.h.

#define response_space CK_OF_REAL(response_space)
#define response_space_of CK_OF_REAL(response_space_of)
#define response_near CK_OF_REAL(response_near)
#define response_power CK_OF_REAL(response_power)
#define response_base CK_OF_REAL(response_base)
#define response_shares CK_OF_REAL(response_shares)
#define response_vector CK_OF_REAL(response_vector)
#define response_items CK_OF_REAL(response_items)

/// The window's reach below and above a channel, and the numbers of the formula.
typedef struct response_space {
  int64_t channels, below, above;
  double scale, beta, k;
} response_space;

CK_INLINE response_space response_space_of(const ck_launch *launch) {
  int64_t size = launch->attributes.integers[4];
  const double *numbers = launch->attributes.numbers;
  return (response_space){launch->shape[1], size / 2, (size - 1) / 2, numbers[0] / (double)size, numbers[1], numbers[2]};
}

/// A vector of elements at channel `channel` of an image: of positions side by side from `p` on, n of them, or, where
/// `along`, of channels side by side. Channels that there are none of are 0.
CK_INLINE vf response_near(const real *p, int64_t stride, int64_t channel, int64_t channels, bool along, int64_t n) {
  if (!along) return vf_load_any(p + channel * stride, 1, n);
  if (channel >= 0 && channel + VF_LANES <= channels) return vf_load(p + channel);
  real lanes[VF_LANES];
  memset(lanes, 0, sizeof lanes);
  CK_SHORT_LOOP for (int64_t lane = 0; lane < VF_LANES; lane++) {
    if (channel + lane >= 0 && channel + lane < channels) lanes[lane] = p[channel + lane];
  }
  return vf_load(lanes);
}

/// base^-beta. The usual exponent takes two roots, which are exact.
CK_INLINE vf response_power(vf base, double beta) {
  if (beta == 0.75) {
    vf root = vf_sqrt(base);
    return vf_div(vf_set1(1), vf_mul(root, vf_sqrt(root)));
  }
  return vf_exp(vf_mul(vf_set1((real)-beta), vf_log(base)));
}

/// k + alpha / size * the sum of the squares of the channels in the window, in their order.
CK_INLINE vf response_base(const response_space *space, const real *p, int64_t stride, int64_t channel, bool along,
                           int64_t n) {
  int64_t first = channel - space->below, last = channel + space->above;
  if (!along) {
    if (first < 0) first = 0;
    if (last >= space->channels) last = space->channels - 1;
  }
  vf sum = vf_zero();
  for (int64_t c = first; c <= last; c++) {
    vf x = response_near(p, stride, c, space->channels, along, n);
    sum = vf_fma(x, x, sum);
  }
  return vf_fma(vf_set1((real)space->scale), sum, vf_set1((real)space->k));
}

/// The sum of the shares of the channels that have this one in their window, in their order.
CK_INLINE vf response_shares(const response_space *space, const real *p, int64_t stride, int64_t channel, bool along,
                             int64_t n) {
  int64_t first = channel - space->above, last = channel + space->below;
  if (!along) {
    if (first < 0) first = 0;
    if (last >= space->channels) last = space->channels - 1;
  }
  vf sum = vf_zero();
  for (int64_t c = first; c <= last; c++) {
    sum = vf_add(sum, response_near(p, stride, c, space->channels, along, n));
  }
  return sum;
}

/// One vector, as `response_near` has it. It is compiled once for all: what it computes takes longer than to ask.
CK_APART void response_vector(const ck_launch *launch, const response_space *space, response_kernel kernel,
                               int64_t image, int64_t channel, int64_t position, bool along, int64_t n) {
  const ck_operand *operands = launch->operands;
#define RESPONSE_AT(o) (image * operands[o].strides[0] + position * operands[o].strides[2])
  const real *x = (const real *)operands[1].data + RESPONSE_AT(1);
  int64_t out = RESPONSE_AT(0) + channel * operands[0].strides[1];
  vf base = response_base(space, x, operands[1].strides[1], channel, along, n);
  vf value = response_near(x, operands[1].strides[1], channel, space->channels, along, n);
  vf power = response_power(base, space->beta);
  if (kernel == RESPONSE_FORWARD) {
    vf_store_any((real *)operands[0].data + out, 1, vf_mul(value, power), n);
    return;
  }
  const real *gradient = (const real *)operands[2].data + RESPONSE_AT(2);
  vf incoming = response_near(gradient, operands[2].strides[1], channel, space->channels, along, n);
  if (kernel == RESPONSE_SHARES) {
    vf share = vf_div(vf_mul(vf_mul(incoming, value), power), base);
    vf_store_any((real *)operands[0].data + out, 1, share, n);
    return;
  }
  const real *shares = (const real *)operands[3].data + RESPONSE_AT(3);
  vf sum = response_shares(space, shares, operands[3].strides[1], channel, along, n);
  vf slope = vf_mul(vf_set1((real)(2 * space->scale * space->beta)), value);
  vf_store_any((real *)operands[0].data + out, 1, vf_fnma(slope, sum, vf_mul(incoming, power)), n);
#undef RESPONSE_AT
}

CK_INLINE void response_items(const ck_launch *launch, int64_t begin, int64_t end, response_kernel kernel) {
  channel_space space = channel_space_of(launch);
  response_space response = response_space_of(launch);
  const bool along = launch->operands[0].strides[2] != 1;
  while (begin < end) {
    channel_run run = channel_run_at(&space, begin, end);
    channel_part part = channel_part_at(&space, run.part);
    begin += run.last - run.first;
    int64_t last = part.position + part.positions;
    for (int64_t image = part.image; image < part.image + part.images; image++) {
      if (along) {
        for (int64_t position = part.position; position < last; position++) {
          for (int64_t c = run.first; c < run.last; c += VF_LANES) {
            int64_t n = run.last - c < VF_LANES ? run.last - c : VF_LANES;
            response_vector(launch, &response, kernel, image, c, position, true, n);
          }
        }
      } else {
        for (int64_t c = run.first; c < run.last; c++) {
          for (int64_t position = part.position; position < last; position += VF_LANES) {
            int64_t n = last - position < VF_LANES ? last - position : VF_LANES;
            response_vector(launch, &response, kernel, image, c, position, false, n);
          }
        }
      }
    }
  }
}

// With base = k + alpha / size * the sum of x^2 over the window of a channel, from size / 2 channels below it to
// (size - 1) / 2 above. integers[4] is size; numbers are alpha, beta and k. Operands have an element for each point, all
// laid out alike; nothing overlaps. Error: 2^-24 * (size + 4 + beta * (size + 4 + |log(base)|)) of each term. NaN: one in
// x makes those whose window it is in NaN.

/// out = x * base^-beta, from {out, x}.
CK_TILE(local_response, CK_DTYPE) {
  (void)scratch;
  response_items(launch, begin, end, RESPONSE_FORWARD);
}

/// shares = gradient * x * base^(-beta - 1), from {shares, x, gradient}.
CK_TILE(local_response_shares, CK_DTYPE) {
  (void)scratch;
  response_items(launch, begin, end, RESPONSE_SHARES);
}

/// dx = gradient * base^-beta - 2 * alpha * beta / size * x * the sum of the shares of those whose window the channel is
/// in, from {dx, x, gradient, shares}.
CK_TILE(local_response_backward, CK_DTYPE) {
  (void)scratch;
  response_items(launch, begin, end, RESPONSE_BACKWARD);
}
