// The epilogue's activation: a function of every element of C, applied while C is in the nearest caches. Included for
// each floating-point type by gemm.h.

/// Some columns of C, in all rows of a block: C = f(C), where f is one of the functions in math/.
#define CK_GEMM_ACTIVATION(name, function)                                                                \
  static void name(stored *c, int64_t c_row, int64_t rows, int64_t columns) {                             \
    for (int64_t i = 0; i < rows; i++, c += c_row) {                                                      \
      int64_t j = 0;                                                                                      \
      for (; j + VF_LANES <= columns; j += VF_LANES) vf_store_stored(c + j, function(vf_load_stored(c + j))); \
      if (j < columns) {                                                                                  \
        vf_store_stored_first(c + j, function(vf_load_stored_first(c + j, columns - j)), columns - j);    \
      }                                                                                                   \
    }                                                                                                     \
  }
CK_GEMM_ACTIVATION(ck_gemm_relu, vf_relu)
CK_GEMM_ACTIVATION(ck_gemm_tanh, vf_tanh)
CK_GEMM_ACTIVATION(ck_gemm_sigmoid, vf_sigmoid)
CK_GEMM_ACTIVATION(ck_gemm_gelu, vf_gelu)
#undef CK_GEMM_ACTIVATION

/// Applies the product's activation to `columns` complete columns of a block, from `first` on.
CK_INLINE void ck_gemm_activate(const ck_gemm_block *block, int64_t first, int64_t columns) {
  stored *c = block->c + first;
  switch (block->activation) {
    case CK_ACTIVATION_NONE: break;
    case CK_ACTIVATION_RELU: ck_gemm_relu(c, block->c_row, block->rows, columns); break;
    case CK_ACTIVATION_TANH: ck_gemm_tanh(c, block->c_row, block->rows, columns); break;
    case CK_ACTIVATION_SIGMOID: ck_gemm_sigmoid(c, block->c_row, block->rows, columns); break;
    case CK_ACTIVATION_GELU: ck_gemm_gelu(c, block->c_row, block->rows, columns); break;
  }
}
