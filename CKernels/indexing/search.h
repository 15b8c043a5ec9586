// Where values would be inserted into sorted rows.
#ifndef CK_INDEXING_SEARCH_H
#define CK_INDEXING_SEARCH_H

#include "index.h"

/// Defines a tile function. The launch's shape is [rows, n], items are its points. Operands: the output, int64; the
/// values; the sorted rows of integers[0] elements, side by side, with a step from row to row along dimension 0; and
/// the rows' order, int64 places that lie as these do, or NULL. Given is how many elements of the row are less than the
/// value or, where integers[1] is 1, no greater. NaN counts as greater than all numbers, as which rows have it sorted.
#define CK_SEARCH(dtype, T, is_number)                                                                  \
  CK_TILE(searchsorted, dtype) {                                                                        \
    (void)scratch;                                                                                      \
    int64_t n = launch->shape[1], length = launch->attributes.integers[0];                              \
    bool passes_equals = launch->attributes.integers[1] != 0;                                           \
    const ck_operand *out = &launch->operands[0], *values = &launch->operands[1], *rows = &launch->operands[2]; \
    const int64_t *orders = launch->operands[3].data;                                                   \
    for (int64_t item = begin; item < end; item++) {                                                    \
      int64_t r = item / n, c = item % n;                                                               \
      T value = ((const T *)values->data)[r * values->strides[0] + c * values->strides[1]];             \
      const T *row = (const T *)rows->data + r * rows->strides[0];                                      \
      const int64_t *order = orders == NULL ? NULL : orders + r * launch->operands[3].strides[0]; \
      int64_t low = 0, high = length;                                                                   \
      while (low < high) {                                                                              \
        int64_t middle = low + (high - low) / 2;                                                        \
        T element = row[order == NULL ? middle : order[middle]];                                        \
        bool is_behind = passes_equals ? element <= value || !is_number(value)                          \
                                       : element < value || !is_number(value);                          \
        low = is_behind ? middle + 1 : low;                                                             \
        high = is_behind ? high : middle;                                                               \
      }                                                                                                 \
      ((int64_t *)out->data)[r * out->strides[0] + c * out->strides[1]] = low;                          \
    }                                                                                                   \
  }
// A number lies before NaN; NaN lies behind all that there is, as in PyTorch.
#define ck_is_number(x) ((x) == (x))
#define ck_is_always_number(x) true
CK_SEARCH(f32, float, ck_is_number)
CK_SEARCH(f64, double, ck_is_number)
CK_SEARCH(i64, int64_t, ck_is_always_number)
#undef ck_is_always_number
#undef ck_is_number
#undef CK_SEARCH

#endif
