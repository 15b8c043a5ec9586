#include "CPeak.h"

// Enough independent chains to cover the latency of a multiply-add on every port, few enough to stay in registers.
enum { CHAINS = 12 };

// The sums must be used, or the loop would be left out.
static volatile float sink;

#define PEAK_BODY(vector, lanes, set1, fma)                                         \
  vector sums[CHAINS];                                                              \
  for (int chain = 0; chain < CHAINS; chain++) sums[chain] = set1((float)chain);    \
  vector factor = set1(0.999f), term = set1(0.001f);                                \
  for (int64_t round = 0; round < rounds; round++) {                                \
    _Pragma("clang loop unroll(full)") for (int chain = 0; chain < CHAINS; chain++) \
        sums[chain] = fma(sums[chain], factor, term);                               \
  }                                                                                 \
  float total = 0;                                                                  \
  for (int chain = 0; chain < CHAINS; chain++) total += *(float *)&sums[chain];     \
  sink = total;                                                                     \
  return 2.0 * CHAINS * lanes * (double)rounds

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx512f"))) static double peak_avx512(int64_t rounds) {
  PEAK_BODY(__m512, 16, _mm512_set1_ps, _mm512_fmadd_ps);
}

__attribute__((target("avx2,fma"))) static double peak_avx2(int64_t rounds) {
  PEAK_BODY(__m256, 8, _mm256_set1_ps, _mm256_fmadd_ps);
}

static __m128 multiply_add(__m128 a, __m128 b, __m128 c) { return _mm_add_ps(_mm_mul_ps(a, b), c); }

static double peak_baseline(int64_t rounds) { PEAK_BODY(__m128, 4, _mm_set1_ps, multiply_add); }

double peak_multiply_adds(int64_t rounds) {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f")) return peak_avx512(rounds);
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return peak_avx2(rounds);
  return peak_baseline(rounds);
}
#elif defined(__aarch64__)
#include <arm_neon.h>

static float32x4_t multiply_add(float32x4_t a, float32x4_t b, float32x4_t c) { return vfmaq_f32(c, a, b); }

double peak_multiply_adds(int64_t rounds) { PEAK_BODY(float32x4_t, 4, vdupq_n_f32, multiply_add); }
#endif
