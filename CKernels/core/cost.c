// What a launch moves and computes, from the words and numbers of the kernel table.
#include <stddef.h>
#include <string.h>

#include "ck_cost.h"

static const struct {
  const char *dtype;
  const char *operands;
  int64_t operations;
} work[CK_KERNEL_COUNT] = {
#define CK_KERNEL(op, dtype, operands, operations) {#dtype, operands, operations},
#include "ck_kernels.def"
#undef CK_KERNEL
};

const char *ck_kernel_operands(ck_kernel kernel) { return work[kernel].operands; }

static int64_t points(const ck_launch *launch) {
  int64_t count = 1;
  for (int32_t d = 0; d < launch->rank; d++) count *= launch->shape[d];
  return count;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The bytes of an element of the type that `*word` begins with: `bool`, letters and a number of bits, or `x` for
/// `dtype`. Moves `*word` behind it.
static int64_t take_width(const char **word, const char *dtype) {
  if (**word == 'x') {
    ++*word;
    return take_width(&dtype, NULL);
  }
  const char *p = *word;
  while (*p >= 'a' && *p <= 'z') p++;
  int64_t bits = 0;
  if (p - *word == 4 && memcmp(*word, "bool", 4) == 0) bits = 8;
  while (is_digit(*p)) bits = 10 * bits + (*p++ - '0');
  *word = p;
  return bits / 8;
}

/// How many elements a launch reads and writes for each element of the parameters in `table`.
static int64_t accesses(const ck_parameter *table, int64_t parameter_count) {
  if (table == NULL || parameter_count == 0) return 0;
  int64_t changed = (table->values != NULL) + (table->memories[0] != NULL) + (table->memories[1] != NULL);
  return 2 * changed + (table->gradient != NULL);
}

/// The elements that an operand touches. Moves `*word` behind what says so.
static int64_t take_count(const char **word, const ck_operand *operand, const ck_launch *launch, int64_t items) {
  if (**word == '!' || **word == '*') return *(*word)++ == '!' ? points(launch) : items;
  if (**word == '@') {
    ++*word;
    return points(launch) * accesses((const ck_parameter *)operand->data, launch->attributes.integers[0]);
  }
  int64_t count = 1;
  if (**word == ':') {
    ++*word;
    for (int32_t i = 0; is_digit(**word); i++) {
      const int32_t d = *(*word)++ - '0';
      if (d < launch->rank && operand->strides[i] != 0) count *= launch->shape[d];
    }
    return count;
  }
  // A launch over nothing touches nothing, whatever the strides.
  for (int32_t d = 0; d < launch->rank; d++) {
    if (operand->strides[d] != 0 || launch->shape[d] == 0) count *= launch->shape[d];
  }
  return count;
}

ck_cost ck_launch_cost(ck_kernel kernel, const ck_launch *launch, int64_t items) {
  ck_cost cost = {.bytes = 0, .operations = work[kernel].operations * points(launch)};
  const char *word = work[kernel].operands;
  for (int32_t o = 0; o < launch->operand_count && *word != '\0'; o++) {
    const ck_operand *operand = &launch->operands[o];
    int64_t bytes = take_width(&word, work[kernel].dtype);
    bytes *= take_count(&word, operand, launch, items);
    if (*word == '+') bytes *= 2;
    if (*word == '?' && launch->attributes.integers[0] != 0) bytes *= 2;
    if (operand->data != NULL) cost.bytes += bytes;
    // On to the next word.
    while (*word != '\0' && *word++ != ' ') {
    }
  }
  return cost;
}
