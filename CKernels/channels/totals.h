// Sums of lanes in twice the precision. Included for float32 and float64 by channels.h.

/// Channels that are gone through side by side where channels lie so: 256 bytes of them.
#define CHANNEL_RUN ((int64_t)(256 / sizeof(real)))

/// Adds vectors to sums whose rounding errors are added up beside them (Knuth, "The Art of Computer Programming", 4.2.2).
#define channel_enter CK_OF_REAL(channel_enter)
CK_INLINE void channel_enter(real *high, real *low, vf term) {
  vf old = vf_load(high), sum = vf_add(old, term), added = vf_sub(sum, old);
  vf error = vf_add(vf_sub(old, vf_sub(sum, added)), vf_sub(term, added));
  vf_store(high, sum);
  vf_store(low, vf_add(vf_load(low), error));
}

/// A sum with its errors, which mean nothing where it is infinite.
#define channel_whole CK_OF_REAL(channel_whole)
CK_INLINE double channel_whole(real high, real low) { return (double)high + (low == low ? (double)low : 0); }

/// The sum over the lanes, in halves.
#define channel_fold CK_OF_REAL(channel_fold)
CK_INLINE double channel_fold(const real *high, const real *low) {
  double lanes[CHANNEL_LANES];
  for (int i = 0; i < CHANNEL_LANES; i++) lanes[i] = channel_whole(high[i], low[i]);
#pragma clang loop unroll(full)
  for (int width = CHANNEL_LANES / 2; width > 0; width /= 2) {
    for (int i = 0; i < width; i++) lanes[i] += lanes[i + width];
  }
  return lanes[0];
}

/// The mean of the first elements, in which lanes without one are 0.
#define channel_origin CK_OF_REAL(channel_origin)
CK_INLINE real channel_origin(real lanes[CHANNEL_LANES], int64_t count) {
#pragma clang loop unroll(full)
  for (int width = CHANNEL_LANES / 2; width > 0; width /= 2) {
    for (int i = 0; i < width; i++) lanes[i] += lanes[i + width];
  }
  return lanes[0] / (real)count;
}
