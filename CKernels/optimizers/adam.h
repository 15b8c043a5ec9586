// Adam, with L2 regularisation or with decoupled weight decay (AdamW). Included for float32 and float64
// by optimizers.h.

#define adam_numbers CK_OF_REAL(ck_adam)
typedef struct adam_numbers {
  vf beta1, one_minus_beta1, beta2, one_minus_beta2;
  vf step_size, root_scale, epsilon, decay, keep;
  bool has_decay, decoupled;
} adam_numbers;

#define adam_lanes CK_OF_REAL(ck_adam_lanes)
CK_INLINE void adam_lanes(const adam_numbers *adam, real *parameter, const real *gradient, real *first,
                             real *second, int64_t n) {
  vf p = vf_load_any(parameter, 1, n);
  vf g = vf_load_any(gradient, 1, n);
  if (adam->has_decay) {
    if (adam->decoupled) p = vf_mul(p, adam->keep);
    else g = vf_fma(p, adam->decay, g);
  }
  vf m = vf_fma(adam->beta1, vf_load_any(first, 1, n), vf_mul(adam->one_minus_beta1, g));
  vf v = vf_fma(adam->beta2, vf_load_any(second, 1, n), vf_mul(adam->one_minus_beta2, vf_mul(g, g)));
  vf_store_any(first, 1, m, n);
  vf_store_any(second, 1, v, n);
  vf denominator = vf_fma(vf_sqrt(v), adam->root_scale, adam->epsilon);
  vf_store_any(parameter, 1, vf_fnma(adam->step_size, vf_div(m, denominator), p), n);
}

/// Takes the corrections for the moments' start at zero, which depend on the number of the step, into `adam`.
#define adam_set_step CK_OF_REAL(ck_adam_set_step)
CK_INLINE void adam_set_step(adam_numbers *adam, const double *numbers, int64_t step) {
  adam->step_size = vf_set1((real)(numbers[0] / (1.0 - pow(numbers[1], (double)step))));
  adam->root_scale = vf_set1((real)(1.0 / sqrt(1.0 - pow(numbers[2], (double)step))));
}

/// One step of parameters given as `ck_parameter`, whose memories are the first and the second moment. integers: the
/// number of parameters; whether the decay is decoupled (the parameter is scaled by 1 - rate * decay) or added to the
/// gradient. numbers: learning rate, beta1, beta2, epsilon, weight decay.
/// With moments m and v: the parameter loses rate / (1 - beta1^step) * m / (sqrt(v) / sqrt(1 - beta2^step) +
/// epsilon); the corrections are computed in double. NaN spreads.
/// Each sum is fused where the ISA can: the step is within 4 ULP of the formula for the moments stored.
CK_TILE(adam, CK_DTYPE) {
  (void)scratch;
  const double *numbers = launch->attributes.numbers;
  adam_numbers adam = {
      .beta1 = vf_set1((real)numbers[1]),
      .one_minus_beta1 = vf_set1((real)(1.0 - numbers[1])),
      .beta2 = vf_set1((real)numbers[2]),
      .one_minus_beta2 = vf_set1((real)(1.0 - numbers[2])),
      .epsilon = vf_set1((real)numbers[3]),
      .decay = vf_set1((real)numbers[4]),
      .keep = vf_set1((real)(1.0 - numbers[0] * numbers[4])),
      .has_decay = numbers[4] != 0,
      .decoupled = launch->attributes.integers[1] != 0,
  };
  ck_segments segments = ck_segments_in(launch, &launch->operands[0], begin, end);
  ck_segment segment;
  int64_t step = 0;
  while (ck_next_segment(&segments, &segment)) {
    if (segment.parameter->step != step) {
      step = segment.parameter->step;
      adam_set_step(&adam, numbers, step);
    }
    real *values = (real *)segment.parameter->values + segment.offset;
    const real *gradient = (const real *)segment.parameter->gradient + segment.offset;
    real *first = (real *)segment.parameter->memories[0] + segment.offset;
    real *second = (real *)segment.parameter->memories[1] + segment.offset;
    CK_FOR_VECTORS(segment.count, adam_lanes(&adam, values + i, gradient + i, first + i, second + i, n);)
  }
}
