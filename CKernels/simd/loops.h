// Loops over elements side by side, a vector at a time.
#ifndef CK_SIMD_LOOPS_H
#define CK_SIMD_LOOPS_H

/// Runs `body` for `i` from 0 in steps of a vector while `n`, the lanes in use, are all of them, and once
/// more for the rest. `n` is a constant in the first of the two copies.
#define CK_FOR_VECTORS(count, ...)                                 \
  {                                                                \
    const int64_t ck_count = (count);                              \
    int64_t i = 0;                                                 \
    for (; i + VF_LANES <= ck_count; i += VF_LANES) {              \
      const int64_t n = VF_LANES;                                  \
      __VA_ARGS__                                                  \
    }                                                              \
    if (i < ck_count) {                                            \
      const int64_t n = ck_count - i;                              \
      __VA_ARGS__                                                  \
    }                                                              \
  }

/// As CK_FOR_VECTORS, with a first, partial vector after which `out + i` is aligned for whole ones.
#define CK_FOR_ALIGNED_VECTORS(count, out, ...)                    \
  {                                                                \
    const int64_t ck_count = (count);                              \
    const int64_t ck_first = stored_lead(out, ck_count);           \
    int64_t i = 0;                                                 \
    if (ck_first > 0) {                                            \
      const int64_t n = ck_first;                                  \
      __VA_ARGS__                                                  \
    }                                                              \
    for (i = ck_first; i + VF_LANES <= ck_count; i += VF_LANES) {  \
      const int64_t n = VF_LANES;                                  \
      __VA_ARGS__                                                  \
    }                                                              \
    if (i < ck_count) {                                            \
      const int64_t n = ck_count - i;                              \
      __VA_ARGS__                                                  \
    }                                                              \
  }

#endif
