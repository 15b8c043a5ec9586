#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "CLineTransfer.h"

#if defined(__linux__)

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

enum { line = 64, lines = 1024, exchanges = 15 };

/// Memory that two threads pass to and fro. What is odd in `turn` is the reader's, what is even the writer's.
struct exchange {
  volatile unsigned char *bytes;
  _Atomic int turn;
  int reader_core, writer_core;
  /// A thread could not be bound; the other must not wait for it.
  _Atomic int failed;
  double seconds[exchanges];
};

static int bind_to(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  return pthread_setaffinity_np(pthread_self(), sizeof set, &set);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/// Waits for a turn; false if it will never come.
static int wait_for(struct exchange *exchange, int turn) {
  while (atomic_load_explicit(&exchange->turn, memory_order_acquire) != turn) {
    if (atomic_load_explicit(&exchange->failed, memory_order_relaxed)) return 0;
  }
  return 1;
}

static void *run_reader(void *argument) {
  struct exchange *exchange = argument;
  if (bind_to(exchange->reader_core) != 0) {
    atomic_store(&exchange->failed, 1);
    return NULL;
  }
  for (int k = 0; k < exchanges; k++) {
    if (!wait_for(exchange, 2 * k + 1)) return NULL;
    for (int i = 0; i < lines; i++) (void)exchange->bytes[i * line];
    atomic_store_explicit(&exchange->turn, 2 * k + 2, memory_order_release);
  }
  return NULL;
}

static void *run_writer(void *argument) {
  struct exchange *exchange = argument;
  if (bind_to(exchange->writer_core) != 0) {
    atomic_store(&exchange->failed, 1);
    return NULL;
  }
  for (int k = 0; k < exchanges; k++) {
    atomic_store_explicit(&exchange->turn, 2 * k + 1, memory_order_release);
    if (!wait_for(exchange, 2 * k + 2)) return NULL;
    double start = now();
    for (int i = 0; i < lines; i++) exchange->bytes[i * line] = (unsigned char)k;
    exchange->seconds[k] = now() - start;
  }
  return NULL;
}

static int ascending(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

/// Sets the two cores of an exchange; false if this process may not use two.
static int choose_cores(struct exchange *exchange) {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0 || CPU_COUNT(&allowed) < 2) return 0;
  int core = 0;
  while (!CPU_ISSET(core, &allowed)) core++;
  exchange->writer_core = core++;
  while (!CPU_ISSET(core, &allowed)) core++;
  exchange->reader_core = core;
  return 1;
}

double line_transfer_seconds(void) {
  struct exchange exchange = {0};
  if (!choose_cores(&exchange)) return -1;
  unsigned char *bytes = aligned_alloc(4096, lines * line);
  if (bytes == NULL) return -1;
  exchange.bytes = bytes;
  // Every page is there before anything is timed.
  for (int i = 0; i < lines; i++) bytes[i * line] = 0;

  double result = -1;
  pthread_t reader, writer;
  if (pthread_create(&reader, NULL, run_reader, &exchange) == 0) {
    if (pthread_create(&writer, NULL, run_writer, &exchange) == 0) {
      pthread_join(writer, NULL);
    } else {
      atomic_store(&exchange.failed, 1);
    }
    pthread_join(reader, NULL);
    if (!atomic_load(&exchange.failed)) {
      qsort(exchange.seconds, exchanges, sizeof *exchange.seconds, ascending);
      result = exchange.seconds[exchanges / 2] / lines;
    }
  }
  free(bytes);
  return result;
}

#else

// Elsewhere threads cannot be bound to cores.
double line_transfer_seconds(void) { return -1; }

#endif
