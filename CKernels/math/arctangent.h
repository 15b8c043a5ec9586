// The inverse tangent near zero.
#ifndef CK_MATH_ARCTANGENT_H
#define CK_MATH_ARCTANGENT_H

/// atan q for |q| up to tan(pi / 8), with a polynomial of Cephes (Moshier) of a relative error below 2^-25.
CK_INLINE vf32 vf32_arctangent_of_small(vf32 q) {
  vf32 z = vf32_mul(q, q);
  vf32 p = vf32_fma(vf32_set1(8.05374449538e-2f), z, vf32_set1(-1.38776856032e-1f));
  p = vf32_fma(p, z, vf32_set1(1.99777106478e-1f));
  p = vf32_fma(p, z, vf32_set1(-3.33329491539e-1f));
  return vf32_fma(vf32_mul(p, z), q, q);
}

/// As above, in float64, with a quotient of polynomials of Cephes of a relative error below 2^-55.
CK_INLINE vf64 vf64_arctangent_of_small(vf64 q) {
  vf64 z = vf64_mul(q, q);
  vf64 p = vf64_set1(-8.750608600031904122785e-1);
  p = vf64_fma(p, z, vf64_set1(-1.615753718733365076637e1));
  p = vf64_fma(p, z, vf64_set1(-7.500855792314704667340e1));
  p = vf64_fma(p, z, vf64_set1(-1.228866684490136173410e2));
  p = vf64_fma(p, z, vf64_set1(-6.485021904942025371773e1));
  vf64 d = vf64_add(z, vf64_set1(2.485846490142306297962e1));
  d = vf64_fma(d, z, vf64_set1(1.650270098316988542046e2));
  d = vf64_fma(d, z, vf64_set1(4.328810604912902668951e2));
  d = vf64_fma(d, z, vf64_set1(4.853903996359136964868e2));
  d = vf64_fma(d, z, vf64_set1(1.945506571482613964425e2));
  return vf64_fma(vf64_mul(z, vf64_div(p, d)), q, q);
}

#endif
