// Functions that float32, too, is computed by as float64: powers, the gamma function's, and the inverse of erf.
#ifndef CK_MATH_SPECIAL_F64_H
#define CK_MATH_SPECIAL_F64_H

/// x^y, with the values of IEEE 754 for zeros, infinities and NaN: 1 where x is 1 or y is 0, NaN where x is negative
/// and y no whole number. Error below 1.5 ULP, and one more for each 2^50 that the result is away from 1; without
/// fused multiply-adds it can be 2^-43 of the result.
CK_INLINE vf64 vf64_pow(vf64 x, vf64 y) {
  vf64 one = vf64_set1(1.0), zero = vf64_zero(), endless = vf64_set1((double)INFINITY), t = vf64_abs(x);
  // t = (1 + f) * 2^n, denormals having been scaled.
  vm64 tiny = vf64_lt(t, vf64_set1(0x1p-1022));
  vf64 n, s;
  vf64 f = vf64_log_split(vf64_select(tiny, vf64_mul(t, vf64_set1(0x1p54)), t), &n);
  n = vf64_sub(n, vf64_select(tiny, vf64_set1(54.0), zero));
  n = vf64_select(vf64_eq(t, zero), vf64_neg(endless), vf64_select(vf64_eq(t, endless), endless, n));
  // ln(1 + f) in two parts: 2 s + s r, where what rounding took from s = f / (2 + f) is kept.
  vf64 r = vf64_log_rest(f, &s), below = vf64_add(vf64_set1(2.0), f);
  vf64 below_rest = vf64_sub(f, vf64_sub(below, vf64_set1(2.0)));
  vf64 s_rest = vf64_div(vf64_fnma(s, below_rest, vf64_fnma(s, below, f)), below);
  vf64 high = vf64_add(s, s), low = vf64_fma(s, r, vf64_add(s_rest, s_rest));
  vf64 sum = vf64_add(high, low);
  low = vf64_add(vf64_sub(high, sum), low);
  vf64 log2_e = vf64_set1(0x1.71547652b82fep+0);
  vf64 a = vf64_mul(sum, log2_e);
  vf64 a_rest = vf64_fma(sum, log2_e, vf64_neg(a));
  a_rest = vf64_fma(sum, vf64_set1(0x1.777d0ffda0d24p-56), vf64_fma(low, log2_e, a_rest));
  // y times it, as a whole number and the rest.
  vf64 total = vf64_mul(y, vf64_add(n, a));
  vm64 in_range = vf64_lt(vf64_abs(total), vf64_set1(1100.0));
  vf64 power = vf64_round(vf64_max(vf64_set1(-1100.0), vf64_min(vf64_set1(1100.0), total)));
  vf64 p = vf64_mul(y, n), p_rest = vf64_fma(y, n, vf64_neg(p));
  vf64 q = vf64_mul(y, a), q_rest = vf64_fma(y, a_rest, vf64_fma(y, a, vf64_neg(q)));
  vf64 rest = vf64_add(vf64_add(vf64_sub(p, power), q), vf64_add(p_rest, q_rest));
  rest = vf64_select(in_range, rest, zero);
  vf64 scaled = vf64_add(one, vf64_expm1_of_rest(vf64_mul(rest, vf64_set1(0x1.62e42fefa39efp-1))));
  vf64 result = vf64_scale_by_power(scaled, power);
  // Signs. All numbers from 2^53 on are even.
  vm64 is_whole = vf64_eq(vf64_floor(y), y);
  vf64 halved = vf64_mul(y, vf64_set1(0.5));
  vm64 is_odd = vm64_andnot(vf64_eq(vf64_floor(halved), halved), is_whole);
  vm64 has_sign = vi64_gt(vi64_set1(0), vf64_as_vi64(x));
  result = vf64_select(vm64_and(has_sign, is_odd), vf64_neg(result), result);
  vm64 undefined = vm64_and(vm64_andnot(is_whole, vf64_lt(x, zero)), vf64_lt(t, endless));
  undefined = vm64_or(undefined, vm64_or(vf64_is_nan(x), vf64_is_nan(y)));
  result = vf64_select(undefined, vf64_set1((double)NAN), result);
  // (-1)^(±infinity) is 1 too.
  vm64 is_one = vm64_or(vf64_eq(y, zero), vf64_eq(x, one));
  is_one = vm64_or(is_one, vm64_and(vf64_eq(t, one), vf64_eq(vf64_abs(y), endless)));
  return vf64_select(is_one, one, result);
}

/// ln |Gamma(x)|. Zero, negative whole numbers and infinities give infinity, NaN gives NaN. Error below 2^-47 of the
/// greater of 1 and the result; 1 and 2 give zero.
CK_INLINE vf64 vf64_lgamma(vf64 x) {
  vf64 one = vf64_set1(1.0), zero = vf64_zero(), endless = vf64_set1((double)INFINITY);
  // Below 1/2 by reflection: ln(pi / |sin(pi x)|) less that of 1 - x.
  vm64 reflects = vf64_lt(x, vf64_set1(0.5));
  vf64 w = vf64_select(reflects, vf64_sub(one, x), x), product = one;
  // Up to 8 by recurrence.
  for (int i = 0; i < 8; i++) {
    vm64 is_small = vf64_lt(w, vf64_set1(8.0));
    product = vf64_select(is_small, vf64_mul(product, w), product);
    w = vf64_select(is_small, vf64_add(w, one), w);
  }
  // Stirling's series, with the numbers of Bernoulli.
  vf64 u = vf64_div(one, w), z = vf64_mul(u, u);
  vf64 series = vf64_set1(1 / 156.0);
  series = vf64_fma(series, z, vf64_set1(-691 / 360360.0));
  series = vf64_fma(series, z, vf64_set1(1 / 1188.0));
  series = vf64_fma(series, z, vf64_set1(-1 / 1680.0));
  series = vf64_fma(series, z, vf64_set1(1 / 1260.0));
  series = vf64_fma(series, z, vf64_set1(-1 / 360.0));
  series = vf64_fma(series, z, vf64_set1(1 / 12.0));
  vf64 log_less = vf64_sub(vf64_log(w), one);
  vf64 rest = vf64_fma(series, u, vf64_set1(0.41893853320467274178));
  vf64 stirling = vf64_fma(vf64_sub(w, vf64_set1(0.5)), log_less, rest);
  vf64 fraction = vf64_sub(x, vf64_round(x)), sine, cosine;
  vf64_sincos_turns(vf64_mul(fraction, vf64_set1(0.5)), &sine, &cosine);
  vf64 reflected = vf64_div(vf64_mul(product, vf64_set1(0x1.921fb54442d18p+1)), vf64_abs(sine));
  // So near to zero it is -ln |x|.
  vm64 tiny = vf64_lt(vf64_abs(x), vf64_set1(0x1p-60));
  vf64 logarithm = vf64_log(vf64_select(tiny, vf64_abs(x), vf64_select(reflects, reflected, product)));
  vf64 result = vf64_select(reflects, vf64_sub(logarithm, stirling), vf64_sub(stirling, logarithm));
  result = vf64_select(tiny, vf64_neg(logarithm), result);
  vm64 is_root = vm64_or(vf64_eq(x, one), vf64_eq(x, vf64_set1(2.0)));
  result = vf64_select(is_root, zero, result);
  vm64 is_pole = vm64_and(reflects, vf64_eq(fraction, zero));
  is_pole = vm64_or(is_pole, vf64_eq(vf64_abs(x), endless));
  return vf64_select(is_pole, endless, result);
}

/// The derivative of ln Gamma(x). Zero gives infinity of the other sign; negative whole numbers, -infinity and NaN give
/// NaN. Error below 2^-48 of the greater of 1 and the result.
CK_INLINE vf64 vf64_digamma(vf64 x) {
  vf64 one = vf64_set1(1.0), zero = vf64_zero();
  // As above: below 1/2 that of 1 - x less pi / tan(pi x). What recurrence takes away, the sum of 1 / w, is kept as a
  // fraction.
  vm64 reflects = vf64_lt(x, vf64_set1(0.5));
  vf64 w = vf64_select(reflects, vf64_sub(one, x), x), above = zero, below = one;
  for (int i = 0; i < 10; i++) {
    vm64 is_small = vf64_lt(w, vf64_set1(10.0));
    above = vf64_select(is_small, vf64_fma(above, w, below), above);
    below = vf64_select(is_small, vf64_mul(below, w), below);
    w = vf64_select(is_small, vf64_add(w, one), w);
  }
  vf64 u = vf64_div(one, w), z = vf64_mul(u, u);
  vf64 series = vf64_set1(1 / 12.0);
  series = vf64_fma(series, z, vf64_set1(-691 / 32760.0));
  series = vf64_fma(series, z, vf64_set1(1 / 132.0));
  series = vf64_fma(series, z, vf64_set1(-1 / 240.0));
  series = vf64_fma(series, z, vf64_set1(1 / 252.0));
  series = vf64_fma(series, z, vf64_set1(-1 / 120.0));
  series = vf64_fma(series, z, vf64_set1(1 / 12.0));
  vf64 result = vf64_sub(vf64_log(w), vf64_fma(series, z, vf64_mul(vf64_set1(0.5), u)));
  result = vf64_sub(result, vf64_div(above, below));
  vf64 fraction = vf64_sub(x, vf64_round(x)), sine, cosine;
  vf64_sincos_turns(vf64_mul(fraction, vf64_set1(0.5)), &sine, &cosine);
  vf64 reflected = vf64_sub(result, vf64_div(vf64_mul(cosine, vf64_set1(0x1.921fb54442d18p+1)), sine));
  result = vf64_select(reflects, reflected, result);
  result = vf64_select(vm64_and(reflects, vf64_eq(fraction, zero)), vf64_set1((double)NAN), result);
  // So near to zero it is -1 / x.
  vm64 tiny = vf64_lt(vf64_abs(x), vf64_set1(0x1p-60));
  return vf64_select(tiny, vf64_div(vf64_set1(-1.0), x), result);
}

/// The number whose erf is y. ±1 give infinities, numbers beyond and NaN give NaN; the sign of zero is kept. Error
/// below 4 ULP.
CK_INLINE vf64 vf64_erfinv(vf64 y) {
  vf64 one = vf64_set1(1.0), t = vf64_abs(y);
  // A rational start, of the kind of Moler's for MATLAB, good to 2^-20; the tail's is by the logarithm.
  vf64 z = vf64_mul(t, t);
  vf64 above = vf64_fma(vf64_set1(-0.140543331), z, vf64_set1(0.914624893));
  above = vf64_fma(vf64_fma(above, z, vf64_set1(-1.645349621)), z, vf64_set1(0.886226899));
  vf64 below = vf64_fma(vf64_set1(0.012229801), z, vf64_set1(-0.329097515));
  below = vf64_fma(vf64_fma(below, z, vf64_set1(1.442710462)), z, vf64_set1(-2.118377725));
  vf64 middle = vf64_div(vf64_mul(t, above), vf64_fma(below, z, one));
  vf64 tail = vf64_sub(one, t);
  vf64 root = vf64_sqrt(vf64_neg(vf64_log(vf64_mul(tail, vf64_set1(0.5)))));
  above = vf64_fma(vf64_set1(1.641345311), root, vf64_set1(3.429567803));
  above = vf64_fma(vf64_fma(above, root, vf64_set1(-1.624906493)), root, vf64_set1(-1.970840454));
  below = vf64_fma(vf64_fma(vf64_set1(1.637067800), root, vf64_set1(3.543889200)), root, one);
  vm64 is_middle = vf64_le(t, vf64_set1(0.7));
  vf64 x = vf64_select(is_middle, middle, vf64_div(above, below));
  // Two steps of Halley's method, in the tail by erfc, which is exact where erf has no digits left.
  vf64 least = vf64_set1(vf64_erf_split);
  for (int i = 0; i < 2; i++) {
    vm64 is_small = vf64_lt(x, least);
    vf64 square = vf64_mul(x, x), rest = vf64_fma(x, x, vf64_neg(square));
    vf64 bell = vf64_exp_of_lesser(vf64_neg(square));
    bell = vf64_mul(vf64_fnma(bell, rest, bell), vf64_set1(0x1.20dd750429b6dp+0));
    // The slope is the bell, and erfc, by Mills' ratio, the bell times that and sqrt(1/2).
    vf64 half = vf64_set1(0x1.6a09e667f3bcdp-1);
    vf64 ratio = vf64_mul(vf64_mills(vf64_mul(x, vf64_set1(0x1.6a09e667f3bcdp+0))), half);
    vf64 error = vf64_select(is_small, vf64_sub(vf64_erf_of_small(vf64_min(least, x)), t),
                             vf64_fnma(bell, ratio, tail));
    vf64 step = vf64_div(error, bell);
    x = vf64_sub(x, vf64_div(step, vf64_fma(x, step, one)));
  }
  x = vf64_select(vf64_eq(t, one), vf64_set1((double)INFINITY), x);
  x = vf64_select(vf64_le(t, one), x, vf64_set1((double)NAN));
  return vf64_copysign(x, y);
}

#endif
