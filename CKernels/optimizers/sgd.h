// Stochastic gradient descent with momentum.
#ifndef CK_OPTIMIZERS_SGD_H
#define CK_OPTIMIZERS_SGD_H

typedef struct ck_sgd {
  vf32 rate, momentum, undamped, decay;
  bool has_momentum, has_decay, nesterov, first_step;
} ck_sgd;

CK_INLINE void ck_sgd_lanes(const ck_sgd *sgd, float *parameter, const float *gradient, float *buffer, int64_t n) {
  vf32 p = vf32_load_any(parameter, 1, n);
  vf32 g = vf32_load_any(gradient, 1, n);
  if (sgd->has_decay) g = vf32_fma(p, sgd->decay, g);
  if (sgd->has_momentum) {
    vf32 b = g;
    if (!sgd->first_step) {
      b = vf32_fma(sgd->momentum, vf32_load_any(buffer, 1, n), vf32_mul(sgd->undamped, g));
    }
    vf32_store_any(buffer, 1, b, n);
    g = sgd->nesterov ? vf32_fma(sgd->momentum, b, g) : b;
  }
  vf32_store_any(parameter, 1, vf32_fnma(sgd->rate, g, p), n);
}

/// One step of parameters given as `ck_parameter`, whose first memory is the momentum's buffer (not touched, and may
/// be NULL, without momentum). integers: the number of parameters, whether Nesterov's momentum is used. numbers:
/// learning rate, momentum, dampening, weight decay.
/// With g = gradient + decay * parameter: buffer = momentum * buffer + (1 - dampening) * g, or g on a parameter's
/// first step, and the parameter loses rate * buffer, or rate * (g + momentum * buffer) with Nesterov. NaN spreads.
/// Each sum is fused where the ISA can: below 2 ULP of the greatest term per sum.
CK_TILE(sgd, f32) {
  (void)scratch;
  const double *numbers = launch->attributes.numbers;
  ck_sgd sgd = {
      .rate = vf32_set1((float)numbers[0]),
      .momentum = vf32_set1((float)numbers[1]),
      .undamped = vf32_set1((float)(1.0 - numbers[2])),
      .decay = vf32_set1((float)numbers[3]),
      .has_momentum = numbers[1] != 0,
      .has_decay = numbers[3] != 0,
      .nesterov = launch->attributes.integers[1] != 0,
  };
  ck_segments segments = ck_segments_in(launch, begin, end);
  ck_segment segment;
  while (ck_next_segment(&segments, &segment)) {
    sgd.first_step = segment.parameter->step == 1;
    float *values = (float *)segment.parameter->values + segment.offset;
    const float *gradient = (const float *)segment.parameter->gradient + segment.offset;
    float *buffer = sgd.has_momentum ? (float *)segment.parameter->memories[0] + segment.offset : values;
    CK_FOR_VECTORS(segment.count, ck_sgd_lanes(&sgd, values + i, gradient + i, buffer + i, n);)
  }
}

#endif
