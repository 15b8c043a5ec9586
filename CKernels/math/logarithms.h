// Logarithms to other bases, and what is made of exponentials and logarithms. Included for each width by math/math.h.

/// 2^x. NaN gives NaN, large numbers infinity, small ones denormals and then zero; whole numbers give powers exactly.
/// Error below 1.5 ULP.
#define vf_exp2 CK_VF(exp2)
CK_INLINE vf vf_exp2(vf x) {
  // NaN passes through as the second operand.
  const real bound = CK_BITS == 32 ? 160 : 1100;
  x = vf_max(vf_set1(-bound), vf_min(vf_set1(bound), x));
  vf n = vf_round(x);
  vf rest = CK_VF(expm1_of_rest)(vf_mul(vf_sub(x, n), vf_set1((real)0x1.62e42fefa39efp-1)));
  return vf_scale_by_power(vf_add(vf_set1(1), rest), n);
}

/// e^x - 1, accurate also where that is small. NaN gives NaN, the sign of zero is kept. Error below 2.5 ULP.
#define vf_expm1 CK_VF(expm1)
CK_INLINE vf vf_expm1(vf x) {
  // Below the first it is -1, above the second infinity. NaN passes through as the second operand.
  vf bounded = vf_max(vf_set1(CK_BITS == 32 ? -20 : -40), vf_min(vf_set1(CK_BITS == 32 ? 89 : 710), x));
  vf n;
  vf rest = CK_VF(expm1_of_rest)(CK_VF(less_powers)(bounded, &n));
  // 2^n rest + (2^n - 1), with half the power, as a whole one can be beyond the range.
  vf half = vf_scale_by_power(vf_set1(1), vf_sub(n, vf_set1(1)));
  vf sum = vf_fma(half, rest, vf_sub(half, vf_set1((real)0.5)));
  return vf_copysign(vf_add(sum, sum), x);
}

/// ln(1 + x), accurate also where that is small. -1 gives -infinity, less and NaN give NaN; the sign of zero is kept.
/// Error below 3 ULP.
#define vf_log1p CK_VF(log1p)
CK_INLINE vf vf_log1p(vf x) {
  // The logarithm of the rounded sum, times what rounding took away of x (Kahan; Goldberg, "What every computer
  // scientist should know about floating-point arithmetic", 1991).
  vf sum = vf_add(vf_set1(1), x), taken = vf_sub(sum, vf_set1(1));
  vf result = vf_mul(vf_log(sum), vf_div(x, taken));
  vm as_it_is = vm_or(vf_eq(taken, vf_zero()), vf_eq(x, vf_set1((real)INFINITY)));
  return vf_select(as_it_is, x, result);
}

/// The logarithm to a base, where of x with magnitude 1 + f in [sqrt(1/2), sqrt(2)) the natural logarithm is `ln`, n
/// the power of two: `log2` in two parts, and `factor`, are logarithms of 2 and e to the base.
#define vf_log_to_base CK_VF(log_to_base)
CK_INLINE vf vf_log_to_base(vf x, real factor, real log2_high, real log2_low) {
  // Denormals are scaled into the normal range first.
  vm tiny = vf_lt(x, vf_set1(CK_BITS == 32 ? (real)0x1p-126 : (real)0x1p-1022));
  vf scaled = vf_select(tiny, vf_mul(x, vf_set1((real)0x1p54)), x);
  vf n;
  vf ln = CK_VF(log_of_mantissa)(scaled, &n);
  n = vf_sub(n, vf_select(tiny, vf_set1(54), vf_zero()));
  vf result = vf_fma(n, vf_set1(log2_high), vf_fma(n, vf_set1(log2_low), vf_mul(ln, vf_set1(factor))));
  result = vf_select(vf_lt(x, vf_set1((real)INFINITY)), result, x);
  result = vf_select(vf_lt(x, vf_zero()), vf_set1((real)NAN), result);
  return vf_select(vf_eq(x, vf_zero()), vf_set1(-(real)INFINITY), result);
}

/// log2 x and log10 x. Zero of either sign gives -infinity, negative numbers and NaN give NaN. Powers of two have exact
/// logarithms to the base 2. Error below 2.5 ULP.
#define vf_log2 CK_VF(log2)
CK_INLINE vf vf_log2(vf x) { return vf_log_to_base(x, (real)0x1.71547652b82fep+0, 1, 0); }
#define vf_log10 CK_VF(log10)
CK_INLINE vf vf_log10(vf x) {
  // The upper part of log10 2 has so few bits that its product with n is exact.
  const real high = (real)(CK_BITS == 32 ? 0x1.344p-2 : 0x1.34413509f78p-2);
  const real low = (real)(CK_BITS == 32 ? 0x1.3509f79fef312p-18 : 0x1.fef311f12b358p-46);
  return vf_log_to_base(x, (real)0x1.bcb7b1526e50ep-2, high, low);
}

/// sinh x and cosh x. NaN gives NaN, the sign of zero is kept. Error below 2.5 ULP.
#define vf_half_exp CK_VF(half_exp)
/// e^t / 2 for t from 0 up.
CK_INLINE vf vf_half_exp(vf t) {
  // From here on it is infinite. NaN passes through.
  vf n;
  vf p = CK_VF(exp_split)(vf_min(vf_set1(CK_BITS == 32 ? 90 : 711), t), &n);
  return vf_scale_by_power(p, vf_sub(n, vf_set1(1)));
}
#define vf_sinh CK_VF(sinh)
CK_INLINE vf vf_sinh(vf x) {
  vf t = vf_abs(x), half = vf_half_exp(t);
  vf large = vf_sub(half, vf_div(vf_set1((real)0.25), half));
  return vf_copysign(vf_select(vf_lt(t, vf_set1(1)), CK_VF(sinh_of_small)(t), large), x);
}
#define vf_cosh CK_VF(cosh)
CK_INLINE vf vf_cosh(vf x) {
  vf half = vf_half_exp(vf_abs(x));
  return vf_add(half, vf_div(vf_set1((real)0.25), half));
}

/// asinh x, acosh x and atanh x. NaN gives NaN, and so does what they are not defined for; the sign of zero is kept.
/// Error below 5 ULP.
#define vf_asinh CK_VF(asinh)
CK_INLINE vf vf_asinh(vf x) {
  // ln(t + sqrt(t^2 + 1)); from here on, where the square could leave the range, ln t + ln 2.
  vf one = vf_set1(1), t = vf_abs(x);
  vm is_large = vf_gt(t, vf_set1((real)0x1p60));
  vf square = vf_mul(t, t);
  vf more = vf_add(t, vf_div(square, vf_add(one, vf_sqrt(vf_add(one, square)))));
  vf result = vf_log1p(vf_select(is_large, t, more));
  return vf_copysign(vf_add(result, vf_select(is_large, vf_set1((real)0x1.62e42fefa39efp-1), vf_zero())), x);
}
#define vf_acosh CK_VF(acosh)
CK_INLINE vf vf_acosh(vf x) {
  vf one = vf_set1(1), d = vf_sub(x, one);
  vm is_large = vf_gt(x, vf_set1((real)0x1p60));
  vf more = vf_add(d, vf_sqrt(vf_mul(d, vf_add(d, vf_set1(2)))));
  vf result = vf_log1p(vf_select(is_large, x, more));
  result = vf_add(result, vf_select(is_large, vf_set1((real)0x1.62e42fefa39efp-1), vf_zero()));
  return vf_select(vf_lt(x, one), vf_set1((real)NAN), result);
}
#define vf_atanh CK_VF(atanh)
CK_INLINE vf vf_atanh(vf x) {
  vf t = vf_abs(x), ratio = vf_div(vf_add(t, t), vf_sub(vf_set1(1), t));
  return vf_copysign(vf_mul(vf_set1((real)0.5), vf_log1p(ratio)), x);
}

/// 1 - erf x, accurate also where that is tiny. NaN gives NaN. Error below 7 ULP, in float64 9, or that of the least
/// normal number; without fused multiply-adds as many as x^2 join them.
#define vf_erfc CK_VF(erfc)
CK_INLINE vf vf_erfc(vf x) {
  // Beyond this it is zero. NaN passes through. With Mills' ratio R it is sqrt(2 / pi) e^(-t^2) R(sqrt(2) t), and the
  // square has a second part, which the exponential would miss.
  vf t = vf_min(vf_set1(CK_BITS == 32 ? 12 : 28), vf_abs(x));
  vf square = vf_mul(t, t), rest = vf_fma(t, t, vf_neg(square));
  vf bell = vf_exp_of_lesser(vf_neg(square));
  bell = vf_mul(vf_fnma(bell, rest, bell), vf_set1((real)0x1.9884533d43651p-1));
  vf right = vf_mul(bell, vf_mills(vf_mul(t, vf_set1((real)0x1.6a09e667f3bcdp+0))));
  right = vf_select(vf_lt(x, vf_zero()), vf_sub(vf_set1(2), right), right);
  // Near zero there is nothing tiny, and zero gives 1.
  return vf_select(vf_lt(t, vf_set1((real)0.5)), vf_sub(vf_set1(1), vf_erf(x)), right);
}
