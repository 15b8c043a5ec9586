// Trigonometric functions and their inverses. Included for each width by math/math.h.

/// `f` of every lane, computed as doubles by the C library: for the few arguments that vectors have no way for.
#define vf_by_library CK_VF(by_library)
CK_APART vf vf_by_library(vf x, double (*f)(double)) {
  real lanes[VF_LANES];
  vf_store(lanes, x);
  CK_SHORT_LOOP for (int lane = 0; lane < VF_LANES; lane++) lanes[lane] = (real)f((double)lanes[lane]);
  return vf_load(lanes);
}

/// The sine `ahead` quarter turns after x, whose magnitude is at most `vf_greatest_angle`.
#define vf_sine_ahead CK_VF(sine_ahead)
CK_INLINE vf vf_sine_ahead(vf x, integer ahead) {
  vf n;
  vf r = CK_VF(less_quarters)(x, &n);
  vf z = vf_mul(r, r);
  vi quarters = vi_add(vf_to_vi(n), vi_set1(ahead));
  // An odd number of quarter turns makes a sine a cosine, and bit 1 is the sign.
  vm is_odd = vi_eq(vi_and(quarters, vi_set1(1)), vi_set1(1));
  vf value = vf_select(is_odd, CK_VF(cosine_of_rest)(z), CK_VF(sine_of_rest)(r, z));
  return vi_as_vf(vi_xor(vf_as_vi(value), vi_shift_left(vi_and(quarters, vi_set1(2)), CK_BITS - 2)));
}

/// The lanes of x that are too far from zero to be reduced by vectors.
#define vf_is_far CK_VF(is_far)
CK_INLINE vm vf_is_far(vf x) { return vf_gt(vf_abs(x), vf_set1(CK_VF(greatest_angle))); }

/// `near` where x is near zero, and what the C library gives for x elsewhere: no lane depends on its neighbours.
#define vf_near_or_far CK_VF(near_or_far)
CK_INLINE vf vf_near_or_far(vf x, vm is_far, vf near, double (*f)(double)) {
  return vm_any(is_far) ? vf_select(is_far, vf_by_library(x, f), near) : near;
}

/// sin x, cos x and tan x. NaN and infinities give NaN; sine and tangent keep the sign of zero. Error below 2.5 ULP of
/// sine and cosine, and 4.5 of the tangent.
#define vf_sin CK_VF(sin)
CK_INLINE vf vf_sin(vf x) {
  const vm is_far = vf_is_far(x);
  return vf_near_or_far(x, is_far, vf_sine_ahead(vf_select(is_far, vf_zero(), x), 0), sin);
}
#define vf_cos CK_VF(cos)
CK_INLINE vf vf_cos(vf x) {
  const vm is_far = vf_is_far(x);
  return vf_near_or_far(x, is_far, vf_sine_ahead(vf_select(is_far, vf_zero(), x), 1), cos);
}
#define vf_tan CK_VF(tan)
CK_INLINE vf vf_tan(vf x) {
  const vm is_far = vf_is_far(x);
  vf n;
  vf r = CK_VF(less_quarters)(vf_select(is_far, vf_zero(), x), &n);
  vf z = vf_mul(r, r), sine = CK_VF(sine_of_rest)(r, z), cosine = CK_VF(cosine_of_rest)(z);
  vm is_odd = vi_eq(vi_and(vf_to_vi(n), vi_set1(1)), vi_set1(1));
  vf near = vf_div(vf_select(is_odd, vf_neg(cosine), sine), vf_select(is_odd, sine, cosine));
  return vf_near_or_far(x, is_far, near, tan);
}

/// The angle from 0 to pi / 2 whose tangent is y / x, for neither below zero. NaN in either gives NaN. Error below 2.5
/// ULP.
#define vf_angle_of CK_VF(angle_of)
CK_INLINE vf vf_angle_of(vf y, vf x) {
  vf one = vf_set1(1), least = vf_min(x, y), greatest = vf_max(x, y);
  vm endless = vf_eq(least, vf_set1((real)INFINITY));
  least = vf_select(endless, one, least);
  greatest = vf_select(endless, one, greatest);
  // Their sum must stay in range.
  const real limit = CK_BITS == 32 ? (real)0x1p126 : (real)0x1p1022;
  vf scale = vf_select(vf_gt(greatest, vf_set1(limit)), vf_set1((real)0.25), one);
  least = vf_mul(least, scale);
  greatest = vf_mul(greatest, scale);
  // From tan(pi / 8) on atan q is pi / 4 + atan((q - 1) / (q + 1)).
  vm is_upper = vf_gt(least, vf_mul(greatest, vf_set1((real)0.41421356237309504880)));
  vf above = vf_select(is_upper, vf_sub(least, greatest), least);
  vf below = vf_select(is_upper, vf_add(least, greatest), greatest);
  vf q = vf_div(above, vf_select(vf_eq(greatest, vf_zero()), one, below));
  vf rest = CK_VF(arctangent_of_small)(q);
  // The base in two parts.
  vm is_steep = vf_gt(y, x);
  vf quarters = vf_select(is_upper, one, vf_select(is_steep, vf_set1(2), vf_zero()));
  const real high = CK_BITS == 32 ? (real)0x1.921fb6p-1 : (real)0x1.921fb54442d18p-1;
  const real low = CK_BITS == 32 ? (real)-0x1.777a5cp-26 : (real)0x1.1a62633145c07p-55;
  rest = vf_select(is_steep, vf_neg(rest), rest);
  vf angle = vf_add(vf_mul(quarters, vf_set1(high)), vf_add(rest, vf_mul(quarters, vf_set1(low))));
  return vf_select(vm_or(vf_is_nan(x), vf_is_nan(y)), vf_set1((real)NAN), angle);
}

/// The angle of the point (x, y) from -pi to pi: that of zeros and infinities is as in IEEE 754, and NaN gives NaN.
/// Error below 3 ULP.
#define vf_atan2 CK_VF(atan2)
CK_INLINE vf vf_atan2(vf y, vf x) {
  vf angle = vf_angle_of(vf_abs(y), vf_abs(x));
  const real high = CK_BITS == 32 ? (real)0x1.921fb6p+1 : (real)0x1.921fb54442d18p+1;
  const real low = CK_BITS == 32 ? (real)-0x1.777a5cp-24 : (real)0x1.1a62633145c07p-53;
  vf behind = vf_sub(vf_set1(high), vf_sub(angle, vf_set1(low)));
  vm is_behind = vi_gt(vi_set1(0), vf_as_vi(x));
  return vf_copysign(vf_select(is_behind, behind, angle), y);
}

/// atan x, asin x and acos x. NaN gives NaN, and so does a sine or cosine beyond 1; the sign of zero is kept. Error
/// below 2.5 ULP of the first, and 4 of the others.
#define vf_atan CK_VF(atan)
CK_INLINE vf vf_atan(vf x) { return vf_copysign(vf_angle_of(vf_abs(x), vf_set1(1)), x); }
#define vf_asin CK_VF(asin)
CK_INLINE vf vf_asin(vf x) {
  vf one = vf_set1(1), t = vf_abs(x);
  return vf_copysign(vf_angle_of(t, vf_sqrt(vf_mul(vf_sub(one, t), vf_add(one, t)))), x);
}
#define vf_acos CK_VF(acos)
CK_INLINE vf vf_acos(vf x) {
  // Half of it has the tangent sqrt(1 - x) / sqrt(1 + x).
  vf one = vf_set1(1), half = vf_angle_of(vf_sqrt(vf_sub(one, x)), vf_sqrt(vf_add(one, x)));
  return vf_add(half, half);
}
