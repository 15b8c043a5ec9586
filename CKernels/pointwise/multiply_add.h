// A product added to a third tensor: operands out, c, a, b; out may lie exactly on any input. No attributes. Included
// for each floating-point type by pointwise/floats.h.
#define dense_addcmul CK_OF_DTYPE(ck_dense_addcmul)
static CK_DENSE(dense_addcmul) {
  stored *out = first;
  const stored *c = second, *a = third, *b = fourth;
  CK_FOR_TILE(out, count, how,
              {
                vf v = vf_fma(vf_load_part(a + i, n), vf_load_part(b + i, n), vf_load_part(c + i, n));
                vf_store_part(out + i, v, n);
              },
              CK_WHOLE_VECTORS_CHEAPLY({
                vf v = vf_fma(vf_load_stored(a + i), vf_load_stored(b + i), vf_load_stored(c + i));
                vf_store_whole(out + i, v, streams);
              }))
}

/// c + a * b, rounded once on an ISA that fuses and otherwise twice: error at most eps * (|a * b| + |out|), where eps
/// is half the distance of the computed numbers at 1. NaN gives NaN.
CK_POINTWISE(addcmul, CK_DTYPE, dense_addcmul, 4, 0, stored, stored, stored, stored)
