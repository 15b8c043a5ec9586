// Whole numbers near a vector's, and what is left of a division by whole numbers. Included for each width by
// math/math.h.

/// The nearest whole number that is not less, and the nearest towards zero. NaN gives NaN, the sign of zero is kept.
#define vf_ceil CK_VF(ceil)
CK_INLINE vf vf_ceil(vf x) { return vf_copysign(vf_neg(vf_floor(vf_neg(x))), x); }
#define vf_trunc CK_VF(trunc)
CK_INLINE vf vf_trunc(vf x) { return vf_copysign(vf_floor(vf_abs(x)), x); }

#define vf_rsqrt CK_VF(rsqrt)
/// 1 / sqrt(x). Error below 1.5 ULP.
CK_INLINE vf vf_rsqrt(vf x) { return vf_div(vf_set1(1), vf_sqrt(x)); }

/// sqrt(x^2 + y^2), infinite where either is, and otherwise NaN where either is. Error below 2.5 ULP, and no square
/// leaves the range.
#define vf_hypot CK_VF(hypot)
CK_INLINE vf vf_hypot(vf x, vf y) {
  vf a = vf_abs(x), b = vf_abs(y), one = vf_set1(1), endless = vf_set1((real)INFINITY);
  vf greatest = vf_max_nan(a, b), least = vf_min_nan(a, b);
  vf q = vf_div(least, vf_select(vf_eq(greatest, vf_zero()), one, greatest));
  vf length = vf_mul(greatest, vf_sqrt(vf_fma(q, q, one)));
  return vf_select(vm_or(vf_eq(a, endless), vf_eq(b, endless)), endless, length);
}

#define vf_pairs_by_library CK_VF(pairs_by_library)
CK_APART vf vf_pairs_by_library(vf x, vf y, double (*f)(double, double)) {
  real xs[VF_LANES], ys[VF_LANES];
  vf_store(xs, x);
  vf_store(ys, y);
  CK_SHORT_LOOP for (int lane = 0; lane < VF_LANES; lane++) {
    xs[lane] = (real)f((double)xs[lane], (double)ys[lane]);
  }
  return vf_load(xs);
}

/// x - y trunc(x / y), exactly, with the sign of x. NaN in either, an infinite x, and a zero y, give NaN.
#define vf_fmod CK_VF(fmod)
CK_INLINE vf vf_fmod(vf x, vf y) {
  // With a quotient this small the difference is exact where multiply-adds are fused.
  vf quotient = vf_div(x, y), magnitude = vf_abs(y);
  vm is_easy = vm_and(vf_lt(vf_abs(quotient), vf_set1(CK_BITS == 32 ? (real)0x1p22 : (real)0x1p51)),
                      vf_lt(magnitude, vf_set1((real)INFINITY)));
  if (CK_ISA == CK_ISA_BASELINE || !vm_all(is_easy)) return vf_pairs_by_library(x, y, fmod);
  vf rest = vf_fnma(vf_trunc(quotient), y, x);
  // The quotient may have been rounded up to a whole number, past which the rest has the other sign.
  vm past = vf_lt(vf_mul(vf_copysign(vf_set1(1), x), rest), vf_zero());
  rest = vf_select(past, vf_add(rest, vf_copysign(magnitude, x)), rest);
  return vf_copysign(rest, x);
}

/// x - y floor(x / y), with the sign of y: the exact rest of a division towards zero, and y more where that has the
/// other sign.
#define vf_remainder CK_VF(remainder)
CK_INLINE vf vf_remainder(vf x, vf y) {
  vf rest = vf_fmod(x, y);
  vm other = vf_lt(vf_mul(vf_copysign(vf_set1(1), y), rest), vf_zero());
  return vf_select(other, vf_add(rest, y), rest);
}
