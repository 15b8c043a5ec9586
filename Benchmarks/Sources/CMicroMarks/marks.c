#include "CMicroMarks.h"

#include <sys/resource.h>

// The empty assembly keeps the functions, and calls of them, from being left out.
__attribute__((noinline)) void micro_begin(void) { __asm__ volatile(""); }
__attribute__((noinline)) void micro_end(void) { __asm__ volatile(""); }

int64_t micro_page_faults(void) {
  struct rusage usage;
  return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_minflt : -1;
}
