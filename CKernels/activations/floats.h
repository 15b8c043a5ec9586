// The kernels on floats. Included for each floating-point type by activations/activations.h.
#include "../pointwise/vector_loops.h"

/// The numbers of a launch as vectors. Those that a function does not read cost nothing.
#define load_numbers CK_OF_DTYPE(ck_load_numbers)
CK_INLINE void load_numbers(vf n[9], const ck_attributes *attributes) {
#pragma clang loop unroll(full)
  for (int i = 0; i < 6; i++) n[i] = vf_set1((real)attributes->numbers[i]);
#pragma clang loop unroll(full)
  for (int i = 0; i < 3; i++) {
    double number;
    __builtin_memcpy(&number, &attributes->integers[i], sizeof number);
    n[6 + i] = vf_set1((real)number);
  }
}

#define dense_curve CK_OF_DTYPE(ck_dense_curve)
CK_INLINE void dense_curve(void *first, const void *second, const void *attributes, int64_t count, unsigned how,
                           vf_curve f) {
  stored *out = first;
  const stored *x = second;
  vf numbers[9];
  load_numbers(numbers, attributes);
  CK_FOR_TILE(out, count, how, vf_store_part(out + i, f(vf_load_part(x + i, n), numbers), n),
              CK_WHOLE_VECTORS(vf_store_whole(out + i, f(vf_load_stored(x + i), numbers), streams);))
}

#define dense_curve_backward CK_OF_DTYPE(ck_dense_curve_backward)
CK_INLINE void dense_curve_backward(void *first, const void *second, const void *third, const void *attributes,
                                    int64_t count, unsigned how, vf_curve_backward f) {
  stored *out = first;
  const stored *gradient = second, *x = third;
  vf numbers[9];
  load_numbers(numbers, attributes);
  CK_FOR_TILE(out, count, how,
              vf_store_part(out + i, f(vf_load_part(gradient + i, n), vf_load_part(x + i, n), numbers), n),
              CK_WHOLE_VECTORS({
                vf v = f(vf_load_stored(gradient + i), vf_load_stored(x + i), numbers);
                vf_store_whole(out + i, v, streams);
              }))
}

/// Defines the tile functions of a function and of its derivative.
#define CK_CURVE(op)                                                                                     \
  static CK_DENSE(CK_OF_DTYPE(ck_dense_##op)) {                                                          \
    dense_curve(first, second, fourth, count, how, vf_##op);                                             \
  }                                                                                                      \
  CK_POINTWISE(op, CK_DTYPE, CK_OF_DTYPE(ck_dense_##op), 2, 0, stored, stored, stored, stored)           \
  static CK_DENSE(CK_OF_DTYPE(ck_dense_##op##_backward)) {                                               \
    dense_curve_backward(first, second, third, fourth, count, how, vf_##op##_backward);                  \
  }                                                                                                      \
  CK_POINTWISE(op##_backward, CK_DTYPE, CK_OF_DTYPE(ck_dense_##op##_backward), 3, 0, stored, stored, stored, stored)

CK_CURVE(piecewise)
CK_CURVE(elu)
CK_CURVE(softplus)
CK_CURVE(silu)
CK_CURVE(mish)
CK_CURVE(hardswish)
CK_CURVE(softsign)
CK_CURVE(tanhshrink)
CK_CURVE(gelu_tanh)
#undef CK_CURVE

/// a where x > 0, otherwise a * w: operands out, a, x, w. PReLU where a is x; its gradient where a is the result's. Each
/// is rounded once. NaN in a gives NaN, and where x is NaN, a * w.
#define dense_prelu CK_OF_DTYPE(ck_dense_prelu)
static CK_DENSE(dense_prelu) {
  stored *out = first;
  const stored *a = second, *x = third, *w = fourth;
  CK_FOR_TILE(out, count, how,
              {
                vf v = vf_load_part(a + i, n);
                v = vf_select(vf_gt(vf_load_part(x + i, n), vf_zero()), v, vf_mul(v, vf_load_part(w + i, n)));
                vf_store_part(out + i, v, n);
              },
              CK_WHOLE_VECTORS_CHEAPLY({
                vf v = vf_load_stored(a + i);
                v = vf_select(vf_gt(vf_load_stored(x + i), vf_zero()), v, vf_mul(v, vf_load_stored(w + i)));
                vf_store_whole(out + i, v, streams);
              }))
}
CK_POINTWISE(prelu, CK_DTYPE, dense_prelu, 4, 0, stored, stored, stored, stored)

/// a / (1 + e^-b): operands out, a, b. Error below 3 ULP.
#define dense_glu CK_OF_DTYPE(ck_dense_glu)
static CK_DENSE(dense_glu) {
  stored *out = first;
  const stored *a = second, *b = third;
  CK_FOR_TILE(out, count, how,
              vf_store_part(out + i, vf_mul(vf_load_part(a + i, n), vf_sigmoid(vf_load_part(b + i, n))), n),
              CK_WHOLE_VECTORS({
                vf v = vf_mul(vf_load_stored(a + i), vf_sigmoid(vf_load_stored(b + i)));
                vf_store_whole(out + i, v, streams);
              }))
}
CK_POINTWISE(glu, CK_DTYPE, dense_glu, 3, 0, stored, stored, stored, stored)

/// The gradient of b: gradient * a * s * (1 - s) with s = 1 / (1 + e^-b): operands out, gradient, a, b. Error below
/// 2^-20 of gradient * a.
#define dense_glu_backward CK_OF_DTYPE(ck_dense_glu_backward)
CK_INLINE vf CK_OF_DTYPE(ck_glu_gate)(vf gradient, vf a, vf b) {
  return vf_sigmoid_backward(vf_mul(gradient, a), vf_sigmoid(b));
}
static CK_DENSE(dense_glu_backward) {
  stored *out = first;
  const stored *g = second, *a = third, *b = fourth;
  CK_FOR_TILE(
      out, count, how,
      vf_store_part(out + i,
                    CK_OF_DTYPE(ck_glu_gate)(vf_load_part(g + i, n), vf_load_part(a + i, n), vf_load_part(b + i, n)),
                    n),
      CK_WHOLE_VECTORS({
        vf v = CK_OF_DTYPE(ck_glu_gate)(vf_load_stored(g + i), vf_load_stored(a + i), vf_load_stored(b + i));
        vf_store_whole(out + i, v, streams);
      }))
}
CK_POINTWISE(glu_backward, CK_DTYPE, dense_glu_backward, 4, 0, stored, stored, stored, stored)
