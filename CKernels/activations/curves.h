// The functions on a vector, with their numbers n. Included for each width by activations/activations.h.
//
// Errors are stated for float32; in float64 2^-53 takes the place of 2^-24. Where nothing is said, NaN gives NaN.

#define vf_curve CK_OF_REAL(ck_curve)
#define vf_curve_backward CK_OF_REAL(ck_curve_backward)
typedef vf (*vf_curve)(vf x, const vf *n);
typedef vf (*vf_curve_backward)(vf gradient, vf x, const vf *n);

/// e^x - 1 for x <= 0. Error below 5 ULP.
#define vf_expm1_of_negative CK_OF_REAL(ck_expm1_of_negative)
CK_INLINE vf vf_expm1_of_negative(vf x) {
  // 2t / (1 - t) with t = tanh(x / 2), which neither cancels nor overflows.
  vf t = vf_tanh(vf_mul(x, vf_set1((real)0.5)));
  return vf_div(vf_add(t, t), vf_sub(vf_set1(1), t));
}

/// ln(1 + z) for z from 0 to 1. Error below 3 ULP.
#define vf_log1p_of_part CK_OF_REAL(ck_log1p_of_part)
CK_INLINE vf vf_log1p_of_part(vf z) {
  // 2 artanh(s) with s = z / (2 + z), at most 1/3: its Taylor series, as far as the type can tell.
  vf s = vf_div(z, vf_add(vf_set1(2), z)), square = vf_mul(s, s);
  enum { TERMS = CK_BITS == 32 ? 8 : 17 };
  vf p = vf_set1((real)1 / (2 * TERMS + 1));
#pragma clang loop unroll(full)
  for (int k = TERMS - 1; k > 0; k--) p = vf_fma(p, square, vf_set1((real)1 / (2 * k + 1)));
  vf twice = vf_add(s, s);
  return vf_fma(vf_mul(p, square), twice, twice);
}

/// Three straight lines: numbers are where the first ends and the last begins, both belonging to the outer lines; the
/// slopes of the three and the slope for NaN; the offsets of the three. A line of slope 0 is its offset, also at infinity.
/// Error: half a ULP of the result and, without fused multiply-adds, of the product.
#define vf_piecewise CK_OF_REAL(ck_piecewise)
CK_INLINE vf vf_piecewise(vf x, const vf *n) {
  vm is_first = vf_le(x, n[0]), is_last = vf_ge(x, n[1]);
  vf slope = vf_select(is_first, n[2], vf_select(is_last, n[4], n[3]));
  vf offset = vf_select(is_first, n[6], vf_select(is_last, n[8], n[7]));
  vf y = vf_select(vf_eq(slope, vf_zero()), offset, vf_fma(x, slope, offset));
  return vf_select(vf_is_nan(x), x, y);
}

/// The gradient times the slope; 0 where that is 0, whatever the gradient.
#define vf_piecewise_backward CK_OF_REAL(ck_piecewise_backward)
CK_INLINE vf vf_piecewise_backward(vf gradient, vf x, const vf *n) {
  vf slope = vf_select(vf_le(x, n[0]), n[2], vf_select(vf_ge(x, n[1]), n[4], n[3]));
  slope = vf_select(vf_is_nan(x), n[5], slope);
  return vf_select(vf_eq(slope, vf_zero()), vf_zero(), vf_mul(gradient, slope));
}

/// x where x > 0, times the first number; otherwise the second number times (e^(x times the third) - 1): elu, selu, celu.
/// Error below 6 ULP.
#define vf_elu CK_OF_REAL(ck_elu)
CK_INLINE vf vf_elu(vf x, const vf *n) {
  vf left = vf_mul(n[1], vf_expm1_of_negative(vf_mul(vf_min(vf_zero(), x), n[2])));
  return vf_select(vf_gt(x, vf_zero()), vf_mul(x, n[0]), vf_select(vf_is_nan(x), x, left));
}

/// At 0 it is the left side's, and at NaN NaN.
#define vf_elu_backward CK_OF_REAL(ck_elu_backward)
CK_INLINE vf vf_elu_backward(vf gradient, vf x, const vf *n) {
  vf left = vf_mul(vf_mul(n[1], n[2]), vf_exp_of_lesser(vf_mul(vf_min(vf_zero(), x), n[2])));
  vf slope = vf_select(vf_gt(x, vf_zero()), n[0], vf_select(vf_is_nan(x), x, left));
  return vf_mul(gradient, slope);
}

/// ln(1 + e^(bx)) / b with b, not 0, the first number; x where bx exceeds the second. Error below 4 ULP, and of bx.
#define vf_softplus CK_OF_REAL(ck_softplus)
CK_INLINE vf vf_softplus(vf x, const vf *n) {
  vf scaled = vf_mul(x, n[0]);
  // The greater of 0 and bx, and what is left: neither overflows nor cancels. NaN passes through the maximum.
  vf rest = vf_log1p_of_part(vf_exp_of_lesser(vf_neg(vf_abs(scaled))));
  vf y = vf_div(vf_add(vf_max(vf_zero(), scaled), rest), n[0]);
  return vf_select(vf_gt(scaled, n[1]), x, y);
}

#define vf_softplus_backward CK_OF_REAL(ck_softplus_backward)
CK_INLINE vf vf_softplus_backward(vf gradient, vf x, const vf *n) {
  vf scaled = vf_mul(x, n[0]);
  return vf_select(vf_gt(scaled, n[1]), gradient, vf_mul(gradient, vf_sigmoid(scaled)));
}

/// x / (1 + e^-x); -infinity gives NaN. Error below 3 ULP.
#define vf_silu CK_OF_REAL(ck_silu)
CK_INLINE vf vf_silu(vf x, const vf *n) {
  (void)n;
  return vf_mul(x, vf_sigmoid(x));
}

/// Infinite x gives NaN. Error of the factor below 2^-20 times its terms' magnitude.
#define vf_silu_backward CK_OF_REAL(ck_silu_backward)
CK_INLINE vf vf_silu_backward(vf gradient, vf x, const vf *n) {
  (void)n;
  vf s = vf_sigmoid(x), one = vf_set1(1);
  return vf_mul(gradient, vf_mul(s, vf_fma(x, vf_sub(one, s), one)));
}

/// tanh(ln(1 + e^x)). Error below 5 ULP.
#define vf_tanh_of_softplus CK_OF_REAL(ck_tanh_of_softplus)
CK_INLINE vf vf_tanh_of_softplus(vf x) {
  // (w^2 - 1) / (w^2 + 1) with w = 1 + e^x, without the difference. From 40 on it is 1. NaN passes through.
  vf e = vf_exp_of_lesser(vf_min(vf_set1(40), x)), two = vf_set1(2);
  vf difference = vf_mul(e, vf_add(e, two));
  return vf_div(difference, vf_add(difference, two));
}

/// x tanh(ln(1 + e^x)); -infinity gives NaN. Error below 6 ULP.
#define vf_mish CK_OF_REAL(ck_mish)
CK_INLINE vf vf_mish(vf x, const vf *n) {
  (void)n;
  return vf_mul(x, vf_tanh_of_softplus(x));
}

/// Infinite x gives NaN. Error of the factor below 2^-19 (1 + |x|) e^min(x, 0).
#define vf_mish_backward CK_OF_REAL(ck_mish_backward)
CK_INLINE vf vf_mish_backward(vf gradient, vf x, const vf *n) {
  (void)n;
  vf t = vf_tanh_of_softplus(x);
  vf slope = vf_mul(vf_sigmoid(x), vf_fnma(t, t, vf_set1(1)));
  return vf_mul(gradient, vf_fma(x, slope, t));
}

/// x min(max(x + 3, 0), 6) / 6; -infinity gives NaN. Error below 3 ULP, but for the sum.
#define vf_hardswish CK_OF_REAL(ck_hardswish)
CK_INLINE vf vf_hardswish(vf x, const vf *n) {
  (void)n;
  vf part = vf_min(vf_set1(6), vf_max(vf_zero(), vf_add(x, vf_set1(3))));
  // Six sixths are exactly 1.
  return vf_mul(x, vf_mul(part, vf_set1((real)(1.0 / 6))));
}

/// 0 up to -3, and the gradient from 3 on.
#define vf_hardswish_backward CK_OF_REAL(ck_hardswish_backward)
CK_INLINE vf vf_hardswish_backward(vf gradient, vf x, const vf *n) {
  (void)n;
  vf middle = vf_mul(gradient, vf_fma(x, vf_set1((real)(1.0 / 3)), vf_set1((real)0.5)));
  vf y = vf_select(vf_ge(x, vf_set1(3)), gradient, middle);
  return vf_select(vf_le(x, vf_set1(-3)), vf_zero(), y);
}

/// x / (1 + |x|); infinities give NaN. Error below 2 ULP.
#define vf_softsign CK_OF_REAL(ck_softsign)
CK_INLINE vf vf_softsign(vf x, const vf *n) {
  (void)n;
  return vf_div(x, vf_add(vf_set1(1), vf_abs(x)));
}

/// Infinite x gives NaN. Error below 4 ULP.
#define vf_softsign_backward CK_OF_REAL(ck_softsign_backward)
CK_INLINE vf vf_softsign_backward(vf gradient, vf x, const vf *n) {
  (void)n;
  vf sum = vf_add(vf_set1(1), vf_abs(x));
  vf slope = vf_div(vf_div(vf_set1(1), sum), sum);
  return vf_mul(gradient, vf_select(vf_eq(sum, vf_set1(INFINITY)), vf_set1(NAN), slope));
}

/// x - tanh x. Error below 2^-22 |x|: relative to x, since the difference cancels near 0.
#define vf_tanhshrink CK_OF_REAL(ck_tanhshrink)
CK_INLINE vf vf_tanhshrink(vf x, const vf *n) {
  (void)n;
  return vf_sub(x, vf_tanh(x));
}

/// The gradient times tanh^2 x. Error below 5 ULP.
#define vf_tanhshrink_backward CK_OF_REAL(ck_tanhshrink_backward)
CK_INLINE vf vf_tanhshrink_backward(vf gradient, vf x, const vf *n) {
  (void)n;
  vf t = vf_tanh(x);
  return vf_mul(gradient, vf_mul(t, t));
}

/// x (1 + tanh u) / 2 with u = sqrt(2 / pi) (x + 0.044715 x^3), which is x / (1 + e^-2u); -infinity gives NaN.
/// Error below 2^-23 |x| (1 + |u|) / (1 + e^-2u): the argument's rounding grows with it.
#define vf_gelu_tanh CK_OF_REAL(ck_gelu_tanh)
CK_INLINE vf vf_gelu_tanh(vf x, const vf *n) {
  (void)n;
  vf square = vf_mul(x, x);
  vf twice = vf_mul(x, vf_fma(square, vf_set1((real)0x1.2444f2a4d8b4bp-4), vf_set1((real)0x1.9884533d43651p+0)));
  return vf_mul(x, vf_sigmoid(twice));
}

/// Infinite x gives NaN. Error of the factor below 2^-19 times its terms' magnitude.
#define vf_gelu_tanh_backward CK_OF_REAL(ck_gelu_tanh_backward)
CK_INLINE vf vf_gelu_tanh_backward(vf gradient, vf x, const vf *n) {
  (void)n;
  vf cubic = vf_set1((real)0x1.2444f2a4d8b4bp-4), linear = vf_set1((real)0x1.9884533d43651p+0);
  vf square = vf_mul(x, x), one = vf_set1(1);
  vf s = vf_sigmoid(vf_mul(x, vf_fma(square, cubic, linear)));
  vf rate = vf_fma(square, vf_mul(vf_set1(3), cubic), linear);
  return vf_mul(gradient, vf_mul(s, vf_fma(vf_mul(x, rate), vf_sub(one, s), one)));
}
