// Adam, with L2 regularisation or with decoupled weight decay (AdamW).
#ifndef CK_OPTIMIZERS_ADAM_H
#define CK_OPTIMIZERS_ADAM_H

typedef struct ck_adam {
  vf32 beta1, one_minus_beta1, beta2, one_minus_beta2;
  vf32 step_size, root_scale, epsilon, decay, keep;
  bool has_decay, decoupled;
} ck_adam;

CK_INLINE void ck_adam_lanes(const ck_adam *adam, float *parameter, const float *gradient, float *first,
                             float *second, int64_t n) {
  vf32 p = vf32_load_any(parameter, 1, n);
  vf32 g = vf32_load_any(gradient, 1, n);
  if (adam->has_decay) {
    if (adam->decoupled) p = vf32_mul(p, adam->keep);
    else g = vf32_fma(p, adam->decay, g);
  }
  vf32 m = vf32_fma(adam->beta1, vf32_load_any(first, 1, n), vf32_mul(adam->one_minus_beta1, g));
  vf32 v = vf32_fma(adam->beta2, vf32_load_any(second, 1, n), vf32_mul(adam->one_minus_beta2, vf32_mul(g, g)));
  vf32_store_any(first, 1, m, n);
  vf32_store_any(second, 1, v, n);
  vf32 denominator = vf32_fma(vf32_sqrt(v), adam->root_scale, adam->epsilon);
  vf32_store_any(parameter, 1, vf32_fnma(adam->step_size, vf32_div(m, denominator), p), n);
}

/// Takes the corrections for the moments' start at zero, which depend on the number of the step, into `adam`.
CK_INLINE void ck_adam_set_step(ck_adam *adam, const double *numbers, int64_t step) {
  adam->step_size = vf32_set1((float)(numbers[0] / (1.0 - pow(numbers[1], (double)step))));
  adam->root_scale = vf32_set1((float)(1.0 / sqrt(1.0 - pow(numbers[2], (double)step))));
}

/// One step of parameters given as `ck_parameter`, whose memories are the first and the second moment. integers: the
/// number of parameters; whether the decay is decoupled (the parameter is scaled by 1 - rate * decay) or added to the
/// gradient. numbers: learning rate, beta1, beta2, epsilon, weight decay.
/// With moments m and v: the parameter loses rate / (1 - beta1^step) * m / (sqrt(v) / sqrt(1 - beta2^step) +
/// epsilon); the corrections are computed in double. NaN spreads.
/// Each sum is fused where the ISA can: the step is within 4 ULP of the formula for the moments stored.
CK_TILE(adam, f32) {
  (void)scratch;
  const double *numbers = launch->attributes.numbers;
  ck_adam adam = {
      .beta1 = vf32_set1((float)numbers[1]),
      .one_minus_beta1 = vf32_set1((float)(1.0 - numbers[1])),
      .beta2 = vf32_set1((float)numbers[2]),
      .one_minus_beta2 = vf32_set1((float)(1.0 - numbers[2])),
      .epsilon = vf32_set1((float)numbers[3]),
      .decay = vf32_set1((float)numbers[4]),
      .keep = vf32_set1((float)(1.0 - numbers[0] * numbers[4])),
      .has_decay = numbers[4] != 0,
      .decoupled = launch->attributes.integers[1] != 0,
  };
  ck_segments segments = ck_segments_in(launch, begin, end);
  ck_segment segment;
  int64_t step = 0;
  while (ck_next_segment(&segments, &segment)) {
    if (segment.parameter->step != step) {
      step = segment.parameter->step;
      ck_adam_set_step(&adam, numbers, step);
    }
    float *values = (float *)segment.parameter->values + segment.offset;
    const float *gradient = (const float *)segment.parameter->gradient + segment.offset;
    float *first = (float *)segment.parameter->memories[0] + segment.offset;
    float *second = (float *)segment.parameter->memories[1] + segment.offset;
    CK_FOR_VECTORS(segment.count, ck_adam_lanes(&adam, values + i, gradient + i, first + i, second + i, n);)
  }
}

#endif
