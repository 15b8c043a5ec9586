// Choosing by weights.
#ifndef CK_RANDOM_CHOICE_H
#define CK_RANDOM_CHOICE_H

/// For each of a row's `count` numbers in [0, 1), the first place whose running sum of weights exceeds that share of
/// their sum, so that a weight of 0 is never chosen. The shape is {rows, count, places}; items are the rows * count
/// choices. Operands out, running sums, numbers, all contiguous. The last sum of a row is positive and finite.
CK_TILE(weighted_choice, f64) {
  (void)scratch;
  int64_t count = launch->shape[1], places = launch->shape[2];
  int64_t *out = launch->operands[0].data;
  const double *numbers = launch->operands[2].data;
  for (int64_t item = begin; item < end; item++) {
    const double *sums = (const double *)launch->operands[1].data + item / count * places;
    double total = sums[places - 1], target = numbers[item] * total;
    // A product of denormals can round up to the sum itself, which nothing exceeds.
    if (target >= total) target = nextafter(total, 0);
    int64_t low = 0, high = places - 1;
    while (low < high) {
      int64_t middle = low + (high - low) / 2;
      if (sums[middle] > target) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    out[item] = low;
  }
}

/// Whether place `a` comes behind `b` in the order of their keys; equal keys keep the order of the places.
CK_INLINE bool ck_comes_later(const double *keys, int64_t a, int64_t b) {
  return keys[a] > keys[b] || (keys[a] == keys[b] && a > b);
}

/// Moves what is at `i` of a heap, whose first element comes latest, down to where it belongs.
CK_INLINE void ck_sift_down(int64_t *heap, int64_t size, int64_t i, const double *keys) {
  int64_t moved = heap[i];
  for (int64_t child = 2 * i + 1; child < size; child = 2 * i + 1) {
    if (child + 1 < size && ck_comes_later(keys, heap[child + 1], heap[child])) child++;
    if (!ck_comes_later(keys, heap[child], moved)) break;
    heap[i] = heap[child];
    i = child;
  }
  heap[i] = moved;
}

/// The places of each row's `count` smallest keys, in their order; keys are not NaN. The shape is {rows, places, count},
/// with count <= places; items are rows. Operands out, which serves as a heap until it is sorted, and keys, both
/// contiguous.
CK_TILE(smallest_keys, f64) {
  (void)scratch;
  int64_t places = launch->shape[1], count = launch->shape[2];
  if (count == 0) return;
  for (int64_t row = begin; row < end; row++) {
    int64_t *heap = (int64_t *)launch->operands[0].data + row * count;
    const double *keys = (const double *)launch->operands[1].data + row * places;
    for (int64_t i = 0; i < count; i++) heap[i] = i;
    for (int64_t i = count / 2 - 1; i >= 0; i--) ck_sift_down(heap, count, i, keys);
    for (int64_t i = count; i < places; i++) {
      if (!ck_comes_later(keys, heap[0], i)) continue;
      heap[0] = i;
      ck_sift_down(heap, count, 0, keys);
    }
    for (int64_t size = count - 1; size > 0; size--) {
      int64_t latest = heap[0];
      heap[0] = heap[size];
      heap[size] = latest;
      ck_sift_down(heap, size, 0, keys);
    }
  }
}

#endif
