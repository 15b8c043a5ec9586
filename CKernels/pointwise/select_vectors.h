// Selection of float32 and float64; pointwise/select.h says what it does. Included for both by pointwise/pointwise.h.
#define dense_where CK_OF_DTYPE(ck_dense_where)
static CK_DENSE(dense_where) {
  stored *out = first;
  const uint8_t *condition = second;
  const stored *a = third, *b = fourth;
  CK_FOR_TILE(out, count, how,
              {
                vm m = vm_load_bytes_first(condition + i, n);
                vf_store_part(out + i, vf_select(m, vf_load_part(a + i, n), vf_load_part(b + i, n)), n);
              },
              CK_WHOLE_VECTORS_CHEAPLY({
                vm m = vm_load_bytes(condition + i);
                vf_store_whole(out + i, vf_select(m, vf_load_stored(a + i), vf_load_stored(b + i)), streams);
              }))
}
CK_POINTWISE(where, CK_DTYPE, dense_where, 4, 0, stored, uint8_t, stored, stored)
