// Functions that no network calls for every element, for the types that are computed with; 16-bit floats are converted.
// What they give for NaN, and the error bounds, are with the functions, in math/. Included for each of both types by
// pointwise/pointwise.h.

CK_UNARY(sin, vf_sin)
CK_UNARY(cos, vf_cos)
CK_UNARY(tan, vf_tan)
CK_UNARY(asin, vf_asin)
CK_UNARY(acos, vf_acos)
CK_UNARY(atan, vf_atan)
CK_UNARY(sinh, vf_sinh)
CK_UNARY(cosh, vf_cosh)
CK_UNARY(asinh, vf_asinh)
CK_UNARY(acosh, vf_acosh)
CK_UNARY(atanh, vf_atanh)
CK_UNARY(exp2, vf_exp2)
CK_UNARY(expm1, vf_expm1)
CK_UNARY(log1p, vf_log1p)
CK_UNARY(log2, vf_log2)
CK_UNARY(log10, vf_log10)
CK_UNARY(rsqrt, vf_rsqrt)
CK_UNARY(erfc, vf_erfc)
CK_UNARY(floor, vf_floor)
CK_UNARY(ceil, vf_ceil)
CK_UNARY(trunc, vf_trunc)
CK_UNARY(round, vf_round)
CK_BINARY(atan2, vf_atan2)
CK_BINARY(hypot, vf_hypot)
CK_BINARY(copysign, vf_copysign)
CK_BINARY(fmod, vf_fmod)
CK_BINARY(remainder, vf_remainder)

// float32, too, is converted to float64 for these.
#if CK_BITS == 64
CK_BINARY(pow, vf64_pow)
CK_UNARY(lgamma, vf64_lgamma)
CK_UNARY(digamma, vf64_digamma)
CK_UNARY(erfinv, vf64_erfinv)
#endif
