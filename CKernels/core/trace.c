// The profiler's memory. A thread that records has a recorder to itself, which it hands on to another thread when
// it ends; readers follow what the owner has published, so that recording takes no lock.
#define _GNU_SOURCE  // syscall
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include "ck_cost.h"
#include "ck_trace.h"

enum { BLOCK_BYTES = 64 << 10 };

typedef struct trace_block {
  struct trace_block *next;
  char events[BLOCK_BYTES - sizeof(struct trace_block *)];
} trace_block;

/// Events of one size. `count` is published last: everything that leads to the first `count` events is then in
/// place.
typedef struct trace_list {
  trace_block *first, *last;
  int64_t count;
} trace_list;

typedef struct trace_recorder {
  struct trace_recorder *next;       // of all recorders; fixed once published
  struct trace_recorder *next_idle;  // under `lock`
  int64_t thread;                    // the owner's
  trace_list launches, chunks;
  ck_trace_totals totals[CK_KERNEL_COUNT];
} trace_recorder;

// Touched through atomic operations only.
static bool recording;
static int64_t blocks_left, last_number, dropped;
static trace_recorder *recorders;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static trace_recorder *idle;  // under `lock`
static pthread_key_t owner_key;  // its destructor hands a recorder on
static _Thread_local trace_recorder *own;

static void hand_on(void *recorder) {
  // In a fork's child the lock may be held for ever, by a thread that is not there.
  if (ck_in_forked_child()) return;
  pthread_mutex_lock(&lock);
  ((trace_recorder *)recorder)->next_idle = idle;
  idle = recorder;
  pthread_mutex_unlock(&lock);
}

void ck_trace_start(int64_t byte_limit) {
  if (pthread_key_create(&owner_key, hand_on) != 0) return;
  __atomic_store_n(&blocks_left, byte_limit / BLOCK_BYTES, __ATOMIC_RELAXED);
  __atomic_store_n(&recording, true, __ATOMIC_RELEASE);
}

void ck_trace_stop(void) { __atomic_store_n(&recording, false, __ATOMIC_RELAXED); }

int64_t ck_trace_now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int64_t ck_trace_next_number(void) { return __atomic_add_fetch(&last_number, 1, __ATOMIC_RELAXED); }

int64_t ck_trace_thread(void) {
#if defined(__linux__)
  return syscall(SYS_gettid);
#else
  uint64_t thread = 0;
  pthread_threadid_np(NULL, &thread);
  return (int64_t)thread;
#endif
}

/// The calling thread's recorder: one that an ended thread left, or another. NULL without memory, where what was
/// to be recorded counts as dropped.
static trace_recorder *own_recorder(void) {
  if (own != NULL) return own;
  pthread_mutex_lock(&lock);
  trace_recorder *recorder = idle;
  if (recorder != NULL) idle = recorder->next_idle;
  pthread_mutex_unlock(&lock);
  if (recorder == NULL) {
    recorder = calloc(1, sizeof *recorder);
    if (recorder == NULL) {
      __atomic_add_fetch(&dropped, 1, __ATOMIC_RELAXED);
      return NULL;
    }
    recorder->next = __atomic_load_n(&recorders, __ATOMIC_RELAXED);
    while (!__atomic_compare_exchange_n(&recorders, &recorder->next, recorder, true, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED)) {
    }
  }
  recorder->thread = ck_trace_thread();
  own = recorder;
  pthread_setspecific(owner_key, recorder);
  return recorder;
}

/// Adds to a number that only the calling thread changes.
static void add(int64_t *number, int64_t amount) {
  __atomic_store_n(number, __atomic_load_n(number, __ATOMIC_RELAXED) + amount, __ATOMIC_RELAXED);
}

static void append(trace_list *list, const void *event, int64_t size) {
  const int64_t per_block = (int64_t)sizeof list->first->events / size;
  const int64_t count = __atomic_load_n(&list->count, __ATOMIC_RELAXED);
  if (count % per_block == 0) {
    // The first look keeps the number from falling much below zero.
    const bool is_left = __atomic_load_n(&blocks_left, __ATOMIC_RELAXED) > 0 &&
                         __atomic_sub_fetch(&blocks_left, 1, __ATOMIC_RELAXED) >= 0;
    trace_block *block = is_left ? malloc(sizeof *block) : NULL;
    if (block == NULL) {
      __atomic_add_fetch(&dropped, 1, __ATOMIC_RELAXED);
      return;
    }
    block->next = NULL;
    *(count == 0 ? &list->first : &list->last->next) = block;
    list->last = block;
  }
  memcpy(list->last->events + count % per_block * size, event, (size_t)size);
  __atomic_store_n(&list->count, count + 1, __ATOMIC_RELEASE);
}

void ck_trace_record_launch(ck_trace_launch event, ck_kernel kernel, const ck_launch *launch) {
  if (!__atomic_load_n(&recording, __ATOMIC_ACQUIRE)) return;
  trace_recorder *recorder = own_recorder();
  if (recorder == NULL) return;
  const ck_cost cost = ck_launch_cost(kernel, launch, event.items);
  event.kernel = (int32_t)kernel;
  event.thread = recorder->thread;
  event.bytes = cost.bytes;
  event.operations = cost.operations;
  event.rank = launch->rank;
  memcpy(event.shape, launch->shape, (size_t)launch->rank * sizeof *event.shape);
  append(&recorder->launches, &event, sizeof event);
  ck_trace_totals *totals = &recorder->totals[kernel];
  add(&totals->calls, 1);
  add(&totals->nanoseconds, event.duration);
  add(&totals->bytes, cost.bytes);
  add(&totals->operations, cost.operations);
}

void ck_trace_record_chunk(ck_trace_chunk event) {
  if (!__atomic_load_n(&recording, __ATOMIC_ACQUIRE)) return;
  trace_recorder *recorder = own_recorder();
  if (recorder == NULL) return;
  event.thread = recorder->thread;
  append(&recorder->chunks, &event, sizeof event);
}

// ---- Reading

/// Copies the event that `cursor` is at, of the lists that lie `list_offset` bytes into a recorder.
static bool next_event(ck_trace_cursor *cursor, size_t list_offset, void *event, int64_t size) {
  const int64_t per_block = (int64_t)sizeof((trace_block *)0)->events / size;
  if (cursor->recorder == NULL) cursor->recorder = __atomic_load_n(&recorders, __ATOMIC_ACQUIRE);
  while (cursor->recorder != NULL) {
    const trace_recorder *recorder = cursor->recorder;
    const trace_list *list = (const trace_list *)((const char *)recorder + list_offset);
    if (cursor->index < __atomic_load_n(&list->count, __ATOMIC_ACQUIRE)) {
      if (cursor->index == 0) {
        cursor->block = list->first;
      } else if (cursor->index % per_block == 0) {
        cursor->block = ((const trace_block *)cursor->block)->next;
      }
      memcpy(event, ((const trace_block *)cursor->block)->events + cursor->index % per_block * size, (size_t)size);
      cursor->index++;
      return true;
    }
    *cursor = (ck_trace_cursor){.recorder = recorder->next};
  }
  return false;
}

bool ck_trace_next_launch(ck_trace_cursor *cursor, ck_trace_launch *event) {
  return next_event(cursor, offsetof(trace_recorder, launches), event, sizeof *event);
}

bool ck_trace_next_chunk(ck_trace_cursor *cursor, ck_trace_chunk *event) {
  return next_event(cursor, offsetof(trace_recorder, chunks), event, sizeof *event);
}

ck_trace_totals ck_trace_kernel_totals(ck_kernel kernel) {
  ck_trace_totals sum = {0};
  const trace_recorder *recorder = __atomic_load_n(&recorders, __ATOMIC_ACQUIRE);
  for (; recorder != NULL; recorder = recorder->next) {
    const ck_trace_totals *totals = &recorder->totals[kernel];
    sum.calls += __atomic_load_n(&totals->calls, __ATOMIC_RELAXED);
    sum.nanoseconds += __atomic_load_n(&totals->nanoseconds, __ATOMIC_RELAXED);
    sum.bytes += __atomic_load_n(&totals->bytes, __ATOMIC_RELAXED);
    sum.operations += __atomic_load_n(&totals->operations, __ATOMIC_RELAXED);
  }
  return sum;
}

int64_t ck_trace_dropped(void) { return __atomic_load_n(&dropped, __ATOMIC_RELAXED); }
