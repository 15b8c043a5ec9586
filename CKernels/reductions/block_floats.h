// Reducing contiguous blocks of floats, and bringing strided elements together into such blocks. Included for each
// floating-point type by reductions.h.

#define reduce_block_inline CK_OF_DTYPE(reduce_block_inline)
CK_INLINE vf reduce_block_inline(reduce_op op, const stored *p, int64_t count, vf center) {
  vf total[REDUCE_STREAMS];
  for (int s = 0; s < REDUCE_STREAMS; s++) total[s] = reduce_identity(op);
  int64_t i = 0;
  for (; i + REDUCE_STREAMS * VF_LANES <= count; i += REDUCE_STREAMS * VF_LANES) {
    for (int s = 0; s < REDUCE_STREAMS; s++) {
      total[s] = reduce_element(op, total[s], vf_load_stored(p + i + s * VF_LANES), center);
    }
  }
  // Streams are joined in pairs here, so that what remains adds to two chains only.
  for (int s = 0; s < 4; s++) total[s] = reduce_combine(op, total[s], total[s + 4]);
  for (int s = 0; s < 2; s++) total[s] = reduce_combine(op, total[s], total[s + 2]);
  for (; i + 2 * VF_LANES <= count; i += 2 * VF_LANES) {
    total[0] = reduce_element(op, total[0], vf_load_stored(p + i), center);
    total[1] = reduce_element(op, total[1], vf_load_stored(p + i + VF_LANES), center);
  }
  if (i + VF_LANES <= count) {
    total[0] = reduce_element(op, total[0], vf_load_stored(p + i), center);
    i += VF_LANES;
  }
  if (i < count) {
    vf tail = vf_load_stored_first(p + i, count - i);
    if (op == REDUCE_SQUARES) {
      // The distance is what has no part in the sum: that of an infinite centre from itself would be NaN.
      tail = vf_select(vm_first(count - i), vf_sub(tail, center), vf_zero());
      center = vf_zero();
    } else if (op != REDUCE_SUM) {
      tail = vf_select(vm_first(count - i), tail, reduce_identity(op));
    }
    total[1] = reduce_element(op, total[1], tail, center);
  }
  return reduce_combine(op, total[0], total[1]);
}

// A block is long enough to be worth a call, and is reduced in many places.
#define reduce_block_sum CK_OF_DTYPE(reduce_block_sum)
#define reduce_block_squares CK_OF_DTYPE(reduce_block_squares)
#define reduce_block_max CK_OF_DTYPE(reduce_block_max)
#define reduce_block_min CK_OF_DTYPE(reduce_block_min)
#define reduce_block_product CK_OF_DTYPE(reduce_block_product)
CK_APART vf reduce_block_sum(const stored *p, int64_t count) {
  return reduce_block_inline(REDUCE_SUM, p, count, vf_zero());
}
CK_APART vf reduce_block_squares(const stored *p, int64_t count, vf center) {
  return reduce_block_inline(REDUCE_SQUARES, p, count, center);
}
CK_APART vf reduce_block_max(const stored *p, int64_t count) {
  return reduce_block_inline(REDUCE_MAX, p, count, vf_zero());
}
CK_APART vf reduce_block_min(const stored *p, int64_t count) {
  return reduce_block_inline(REDUCE_MIN, p, count, vf_zero());
}
CK_APART vf reduce_block_product(const stored *p, int64_t count) {
  return reduce_block_inline(REDUCE_PRODUCT, p, count, vf_zero());
}

/// The `count` elements at `p` reduced to one vector, in an order that `count` alone decides.
#define reduce_block CK_OF_DTYPE(reduce_block)
CK_INLINE vf reduce_block(reduce_op op, const stored *p, int64_t count, vf center) {
  if (op == REDUCE_SUM) return reduce_block_sum(p, count);
  if (op == REDUCE_SQUARES) return reduce_block_squares(p, count, center);
  if (op == REDUCE_PRODUCT) return reduce_block_product(p, count);
  return op == REDUCE_MAX ? reduce_block_max(p, count) : reduce_block_min(p, count);
}

/// The `count` elements at `p` reduced, in an order that `count` alone decides.
#define reduce_row CK_OF_DTYPE(reduce_row)
CK_INLINE real reduce_row(reduce_op op, const stored *p, int64_t count, real center) {
  vf centers = vf_set1(center);
  if (count <= REDUCE_BLOCK) return reduce_across(op, reduce_block(op, p, count, centers));
  reduce_cascade cascade;
  reduce_cascade_start(&cascade);
  for (int64_t i = 0; i < count; i += REDUCE_BLOCK) {
    int64_t length = count - i < REDUCE_BLOCK ? count - i : REDUCE_BLOCK;
    reduce_cascade_push(op, &cascade, reduce_block(op, p + i, length, centers));
  }
  return reduce_across(op, reduce_cascade_finish(op, &cascade));
}

/// Copies the next `count` elements of the reduced space to `buffer` and moves `cursor` past them.
#define reduce_gather CK_OF_DTYPE(reduce_gather)
CK_APART void reduce_gather(stored *buffer, const stored *base, const ck_space *reduced, ck_cursor *cursor,
                            int64_t count) {
  int64_t stride = ck_space_inner_stride(reduced);
  while (count > 0) {
    int64_t run = ck_cursor_run(reduced, cursor);
    if (run > count) run = count;
    const stored *p = base + cursor->offset;
    if (stride == 1) {
      memcpy(buffer, p, (size_t)run * sizeof *p);
    } else {
      for (int64_t i = 0; i < run; i++) buffer[i] = p[i * stride];
    }
    ck_cursor_advance(reduced, cursor, run);
    buffer += run;
    count -= run;
  }
}
