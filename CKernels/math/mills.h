// Mills' ratio of the normal distribution, (1 - Phi(t)) / phi(t), which has a simple shape where both are tiny.
#ifndef CK_MATH_MILLS_H
#define CK_MATH_MILLS_H

/// Mills' ratio for t from 0 up; NaN gives NaN. Relative error below 2^-22.5, infinity included.
CK_INLINE vf32 vf32_mills(vf32 t) {
  // The product with t + 3 is a polynomial of w = (t - 3) / (t + 3), as for erfc in Shepherd and Laframboise,
  // "Chebyshev Approximation of (1 + 2x)exp(x^2)erfc x", 1981: interpolated at the nodes of Chebyshev up to t = 14,
  // relative error below 2^-24.9 with the coefficients as they are rounded.
  vf32 r = vf32_div(vf32_set1(1.0f), vf32_add(t, vf32_set1(3.0f)));
  vf32 w = vf32_fnma(vf32_set1(6.0f), r, vf32_set1(1.0f));
  vf32 p = vf32_set1(0x1.220a78p-13f);
  p = vf32_fma(p, w, vf32_set1(0x1.5d1e4ap-12f));
  p = vf32_fma(p, w, vf32_set1(-0x1.414cb2p-11f));
  p = vf32_fma(p, w, vf32_set1(-0x1.53af0ap-9f));
  p = vf32_fma(p, w, vf32_set1(0x1.507c5ap-9f));
  p = vf32_fma(p, w, vf32_set1(0x1.1e3c42p-6f));
  p = vf32_fma(p, w, vf32_set1(-0x1.adac26p-6f));
  p = vf32_fma(p, w, vf32_set1(-0x1.e540e4p-4f));
  p = vf32_fma(p, w, vf32_set1(0x1.273408p-1f));
  p = vf32_fma(p, w, vf32_set1(-0x1.46d634p+0f));
  p = vf32_fma(p, w, vf32_set1(0x1.d3d9c8p+0f));
  return vf32_mul(p, r);
}

/// Mills' ratio for t from 0 up; NaN gives NaN. Relative error below 2^-51.5, infinity included.
CK_INLINE vf64 vf64_mills(vf64 t) {
  // As above, about t = 5 and up to 39: relative error below 2^-52.9.
  vf64 r = vf64_div(vf64_set1(1.0), vf64_add(t, vf64_set1(5.0)));
  vf64 w = vf64_fnma(vf64_set1(10.0), r, vf64_set1(1.0));
  vf64 p = vf64_set1(-0x1.b597faa6b8834p-32);
  p = vf64_fma(p, w, vf64_set1(0x1.2df84cbba678cp-28));
  p = vf64_fma(p, w, vf64_set1(0x1.49ffc156801f3p-26));
  p = vf64_fma(p, w, vf64_set1(-0x1.911330a37a818p-26));
  p = vf64_fma(p, w, vf64_set1(-0x1.62f694d77417dp-23));
  p = vf64_fma(p, w, vf64_set1(0x1.c720b65ff819bp-24));
  p = vf64_fma(p, w, vf64_set1(0x1.23725afb8fde8p-20));
  p = vf64_fma(p, w, vf64_set1(-0x1.c4fecf8a8278dp-21));
  p = vf64_fma(p, w, vf64_set1(-0x1.d1d675e76a3aap-18));
  p = vf64_fma(p, w, vf64_set1(0x1.4ed3e19d0200fp-17));
  p = vf64_fma(p, w, vf64_set1(0x1.5ec206cf851e9p-15));
  p = vf64_fma(p, w, vf64_set1(-0x1.059799df45db9p-13));
  p = vf64_fma(p, w, vf64_set1(-0x1.38200b15b360bp-13));
  p = vf64_fma(p, w, vf64_set1(0x1.660d45dc2d4cep-10));
  p = vf64_fma(p, w, vf64_set1(-0x1.062396b646190p-9));
  p = vf64_fma(p, w, vf64_set1(-0x1.ebbc32739b179p-8));
  p = vf64_fma(p, w, vf64_set1(0x1.ab031a04e758ap-5));
  p = vf64_fma(p, w, vf64_set1(-0x1.62d360c62fb28p-3));
  p = vf64_fma(p, w, vf64_set1(0x1.a7927af8f0936p-2));
  p = vf64_fma(p, w, vf64_set1(-0x1.9262efbe12dd8p-1));
  p = vf64_fma(p, w, vf64_set1(0x1.3dd60739e7979p+0));
  p = vf64_fma(p, w, vf64_set1(-0x1.aaf94e206d6d8p+0));
  p = vf64_fma(p, w, vf64_set1(0x1.ed96b8318f6c5p+0));
  return vf64_mul(p, r);
}

#endif
