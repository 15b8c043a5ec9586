// Stochastic gradient descent with momentum. Included for float32 and float64
// by optimizers.h.

#define sgd_numbers CK_OF_REAL(ck_sgd)
typedef struct sgd_numbers {
  vf rate, momentum, undamped, decay;
  bool has_momentum, has_decay, nesterov, first_step;
} sgd_numbers;

#define sgd_lanes CK_OF_REAL(ck_sgd_lanes)
CK_INLINE void sgd_lanes(const sgd_numbers *sgd, real *parameter, const real *gradient, real *buffer, int64_t n) {
  vf p = vf_load_any(parameter, 1, n);
  vf g = vf_load_any(gradient, 1, n);
  if (sgd->has_decay) g = vf_fma(p, sgd->decay, g);
  if (sgd->has_momentum) {
    vf b = g;
    if (!sgd->first_step) {
      b = vf_fma(sgd->momentum, vf_load_any(buffer, 1, n), vf_mul(sgd->undamped, g));
    }
    vf_store_any(buffer, 1, b, n);
    g = sgd->nesterov ? vf_fma(sgd->momentum, b, g) : b;
  }
  vf_store_any(parameter, 1, vf_fnma(sgd->rate, g, p), n);
}

/// One step of parameters given as `ck_parameter`, whose first memory is the momentum's buffer (not touched, and may
/// be NULL, without momentum). integers: the number of parameters, whether Nesterov's momentum is used. numbers:
/// learning rate, momentum, dampening, weight decay.
/// With g = gradient + decay * parameter: buffer = momentum * buffer + (1 - dampening) * g, or g on a parameter's
/// first step, and the parameter loses rate * buffer, or rate * (g + momentum * buffer) with Nesterov. NaN spreads.
/// Each sum is fused where the ISA can: below 2 ULP of the greatest term per sum.
CK_TILE(sgd, CK_DTYPE) {
  (void)scratch;
  const double *numbers = launch->attributes.numbers;
  sgd_numbers sgd = {
      .rate = vf_set1((real)numbers[0]),
      .momentum = vf_set1((real)numbers[1]),
      .undamped = vf_set1((real)(1.0 - numbers[2])),
      .decay = vf_set1((real)numbers[3]),
      .has_momentum = numbers[1] != 0,
      .has_decay = numbers[3] != 0,
      .nesterov = launch->attributes.integers[1] != 0,
  };
  ck_segments segments = ck_segments_in(launch, &launch->operands[0], begin, end);
  ck_segment segment;
  while (ck_next_segment(&segments, &segment)) {
    sgd.first_step = segment.parameter->step == 1;
    real *values = (real *)segment.parameter->values + segment.offset;
    const real *gradient = (const real *)segment.parameter->gradient + segment.offset;
    real *buffer = sgd.has_momentum ? (real *)segment.parameter->memories[0] + segment.offset : values;
    CK_FOR_VECTORS(segment.count, sgd_lanes(&sgd, values + i, gradient + i, buffer + i, n);)
  }
}
