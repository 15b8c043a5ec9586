// How a process ends that was used wrongly.
#define _GNU_SOURCE  // ftrylockfile, nanosleep
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ck_stop.h"

static void write_to_standard_error(const char *text, size_t count) {
  while (count > 0) {
    const ssize_t written = write(STDERR_FILENO, text, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text += written;
    count -= (size_t)written;
  }
}

/// Writes out what was printed. Another thread may hold the stream's lock for good, in a write that never returns, so
/// it is waited for no longer than a tenth of a second.
static void flush_standard_output(void) {
  for (int attempt = 0; attempt < 100; attempt++) {
    if (ftrylockfile(stdout) == 0) {
      fflush(stdout);
      funlockfile(stdout);
      return;
    }
    nanosleep(&(struct timespec){.tv_nsec = 1000 * 1000}, NULL);
  }
}

_Noreturn void ck_stop(const char *message) {
  write_to_standard_error(message, strlen(message));
  write_to_standard_error("\n", 1);
  flush_standard_output();
  // Handlers would print pages about a crash, which this is not.
  signal(SIGABRT, SIG_DFL);
  abort();
}
