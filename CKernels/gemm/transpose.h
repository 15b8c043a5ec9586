// Included for float32 and float64 by gemm.h.

/// Transposes a square block of vectors: each pass interleaves the first half with the second.
CK_INLINE void ck_gemm_transpose(vf block[VF_LANES]) {
#pragma clang loop unroll(full)
  for (int width = 1; width < VF_LANES; width *= 2) {
    vf mixed[VF_LANES];
#pragma clang loop unroll(full)
    for (int i = 0; i < VF_LANES / 2; i++) {
      mixed[2 * i] = vf_zip_low(block[i], block[i + VF_LANES / 2]);
      mixed[2 * i + 1] = vf_zip_high(block[i], block[i + VF_LANES / 2]);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < VF_LANES; i++) block[i] = mixed[i];
  }
}
