// Loading one tap of side-by-side outputs from a row. Included for each floating-point type by windows/kernels.h.

/// The lanes of `row` that are tap `t` of outputs `o ..< o + n`. `step` is a constant: that of a regular stretch, of
/// which all lanes are then asked for, or 0 for taps anywhere. Of a row with step 2 one element more may be read.
CK_INLINE vf window_lanes(const real *row, const ck_window_axis *axis, int64_t t, int64_t o, int64_t n, int64_t step) {
  const int32_t *sources = axis->sources + t * axis->output + o;
  if (step == 1) return vf_load(row + sources[0]);
  if (step == 2) return vf_even(vf_load(row + sources[0]), vf_load(row + sources[0] + VF_LANES));
  if (n == VF_LANES) return vf_gather(row, sources);
  real lanes[VF_LANES] = {0};
  CK_SHORT_LOOP for (int64_t lane = 0; lane < n; lane++) lanes[lane] = row[sources[lane]];
  return vf_load(lanes);
}
