#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "CCoreProbe.h"

#if defined(__linux__)

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

enum { line = 64, lines = 1024, exchanges = 15, stretches = 9 };

/// Two threads that take turns: those with odd numbers are the follower's, those with even ones the leader's.
struct pair {
  volatile unsigned char *bytes;
  _Atomic int turn;
  /// A thread is not there or not on its core; the other must not wait for it.
  _Atomic int failed;
  int leader_core, follower_core;
  double line_transfers[exchanges];
  double leader_arithmetic, follower_arithmetic;
};

/// Binds the calling thread to its core; false if it cannot be, and then the other will not wait for it.
static int take_core(struct pair *pair, int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  if (pthread_setaffinity_np(pthread_self(), sizeof set, &set) == 0) return 1;
  atomic_store(&pair->failed, 1);
  return 0;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void begin(struct pair *pair, int turn) { atomic_store_explicit(&pair->turn, turn, memory_order_release); }

/// Waits for a turn; false if it will never come.
static int wait_for(struct pair *pair, int turn) {
  while (atomic_load_explicit(&pair->turn, memory_order_acquire) != turn) {
    if (atomic_load_explicit(&pair->failed, memory_order_relaxed)) return 0;
  }
  return 1;
}

static int ascending(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

static double median(double *values, int count) {
  qsort(values, (size_t)count, sizeof *values, ascending);
  return values[count / 2];
}

/// The median time of some stretches of multiplications and additions, as many at once as a core can do: whoever
/// shares the core's units slows them.
static double time_arithmetic(void) {
  typedef float vector __attribute__((vector_size(16)));
  enum { chains = 12, repeats = 80000 };
  vector factor = {0.5f, 0.5f, 0.5f, 0.5f}, term = {1, 1, 1, 1}, values[chains] = {{0}};
  // Unknown to the compiler, which could work out the end otherwise.
  __asm__ volatile("" : "+m"(factor), "+m"(term));
  double times[stretches];
  for (int stretch = 0; stretch < stretches; stretch++) {
    double start = now();
    for (int k = 0; k < repeats; k++) {
      for (int i = 0; i < chains; i++) values[i] = values[i] * factor + term;
    }
    for (int i = 0; i < chains; i++) __asm__ volatile("" : : "m"(values[i]));
    times[stretch] = now() - start;
  }
  return median(times, stretches);
}

static void *run_follower(void *argument) {
  struct pair *pair = argument;
  if (!take_core(pair, pair->follower_core)) return NULL;
  for (int k = 0; k < exchanges; k++) {
    if (!wait_for(pair, 2 * k + 1)) return NULL;
    for (int i = 0; i < lines; i++) (void)pair->bytes[i * line];
    begin(pair, 2 * k + 2);
  }
  if (!wait_for(pair, 2 * exchanges + 1)) return NULL;
  pair->follower_arithmetic = time_arithmetic();
  return NULL;
}

static void *run_leader(void *argument) {
  struct pair *pair = argument;
  if (!take_core(pair, pair->leader_core)) return NULL;
  for (int k = 0; k < exchanges; k++) {
    begin(pair, 2 * k + 1);
    if (!wait_for(pair, 2 * k + 2)) return NULL;
    double start = now();
    for (int i = 0; i < lines; i++) pair->bytes[i * line] = (unsigned char)k;
    pair->line_transfers[k] = (now() - start) / lines;
  }
  begin(pair, 2 * exchanges + 1);
  pair->leader_arithmetic = time_arithmetic();
  return NULL;
}

/// Sets the cores of a pair; false if this process may not use two.
static int choose_cores(struct pair *pair) {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0 || CPU_COUNT(&allowed) < 2) return 0;
  int core = 0;
  while (!CPU_ISSET(core, &allowed)) core++;
  pair->leader_core = core++;
  while (!CPU_ISSET(core, &allowed)) core++;
  pair->follower_core = core;
  return 1;
}

/// Runs both threads to their end; false if they could not do their work.
static int run(struct pair *pair) {
  pthread_t leader, follower;
  if (pthread_create(&follower, NULL, run_follower, pair) != 0) return 0;
  if (pthread_create(&leader, NULL, run_leader, pair) == 0) {
    pthread_join(leader, NULL);
  } else {
    atomic_store(&pair->failed, 1);
  }
  pthread_join(follower, NULL);
  return !atomic_load(&pair->failed);
}

int core_probe(struct core_probe *result) {
  struct pair pair = {0};
  if (!choose_cores(&pair)) return -1;
  unsigned char *bytes = aligned_alloc(4096, lines * line);
  if (bytes == NULL) return -1;
  // Every page is there before anything is timed.
  for (int i = 0; i < lines; i++) bytes[i * line] = 0;
  pair.bytes = bytes;
  int done = run(&pair);
  free(bytes);
  if (!done) return -1;
  result->line_transfer = median(pair.line_transfers, exchanges);
  double leader = pair.leader_arithmetic, follower = pair.follower_arithmetic;
  result->arithmetic = leader > follower ? leader : follower;
  return 0;
}

#else

// Elsewhere threads cannot be bound to cores.
int core_probe(struct core_probe *result) {
  (void)result;
  return -1;
}

#endif
