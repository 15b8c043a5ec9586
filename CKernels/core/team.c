// The only functions that open a parallel region. They are compiled for the baseline and call kernels through pointers.
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

#include "ckernels.h"
#include "openmp.h"

// How long a team's threads stay hot after a launch. The runtime's own 200 ms would burn a core long after
// the work ended, and slow down whatever Dispatch runs there.
enum { BLOCKTIME_MILLISECONDS = 1 };

static _Atomic bool forked_child = false;

static void note_fork(void) { atomic_store_explicit(&forked_child, true, memory_order_relaxed); }

__attribute__((constructor)) static void watch_for_forks(void) { pthread_atfork(NULL, NULL, note_fork); }

bool ck_in_forked_child(void) { return atomic_load_explicit(&forked_child, memory_order_relaxed); }

_Static_assert(sizeof(ck_range) == CK_CACHE_LINE && offsetof(ck_job, ranges) == 0, "ranges are cache lines");

void ck_job_start(ck_job *job, ck_tile tile, const ck_launch *launch, int64_t items, int64_t grain, int32_t workers) {
  job->tile = tile;
  job->launch = *launch;
  job->items = items;
  job->grain = grain;
  job->workers = workers;
  job->number = 0;
  const int64_t chunks = (items + grain - 1) / grain;
  const int64_t count = workers < CK_MAX_RANGES ? workers : CK_MAX_RANGES;
  job->range_count = (int32_t)(count < chunks ? count : chunks);
  int64_t first = 0;
  for (int32_t r = 0; r < job->range_count; r++) {
    __atomic_store_n(&job->ranges[r].next, first, __ATOMIC_RELAXED);
    first = job->ranges[r].end = chunks * (r + 1) / job->range_count;
  }
}

/// Runs the items `begin ..< end` and records that they ran on thread `member` of `lane`'s team.
static void run_recorded(const ck_job *job, int64_t begin, int64_t end, int32_t lane, int32_t member, void *scratch) {
  const int64_t start = ck_trace_now();
  job->tile(&job->launch, begin, end, scratch);
  ck_trace_record_chunk((ck_trace_chunk){
      .start = start,
      .duration = ck_trace_now() - start,
      .launch = job->number,
      .begin = begin,
      .count = end - begin,
      .kernel = (int32_t)job->kernel,
      .lane = lane,
      .member = member,
  });
}

/// Claims the next chunks of the range: a quarter of those that are left, and one at least. Fewer and fewer, so that
/// threads end together; and not one by one, because no load begins before the claim is made, and what a kernel had
/// fetched ahead has run out by then.
/// Returns how many they are, from `*first` on; 0 if none was left.
static int64_t claim(ck_range *range, int64_t *first) {
  // Looked at first, so that a range that is exhausted is not written to.
  int64_t next = __atomic_load_n(&range->next, __ATOMIC_RELAXED);
  while (next < range->end) {
    const int64_t count = (range->end - next + 3) / 4;
    if (__atomic_compare_exchange_n(&range->next, &next, next + count, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
      *first = next;
      return count;
    }
  }
  return 0;
}

/// Runs chunks of the range until none is left to claim, and returns the number of items that they held.
static int64_t work_on_range(ck_job *job, ck_range *range, int32_t lane, int32_t member, void *scratch) {
  const bool is_recorded = job->number != 0;
  int64_t done = 0;
  int64_t first;
  for (int64_t count; (count = claim(range, &first)) > 0;) {
    const int64_t begin = first * job->grain;
    const int64_t end = job->items - begin < count * job->grain ? job->items : begin + count * job->grain;
    if (is_recorded) {
      run_recorded(job, begin, end, lane, member, scratch);
    } else {
      job->tile(&job->launch, begin, end, scratch);
    }
    done += end - begin;
  }
  return done;
}

static int64_t claim_and_run(ck_job *job, int32_t worker, int32_t lane, int32_t member, void *scratch) {
  const int32_t count = job->range_count;
  const int32_t own = (int32_t)((int64_t)worker * count / job->workers);
  int64_t done = 0;
  for (int32_t step = 0; step < count; step++) {
    done += work_on_range(job, &job->ranges[(own + step) % count], lane, member, scratch);
  }
  return done;
}

// The blocktime belongs to the thread that opens regions, so each sets its own once.
static void configure_calling_thread(const ck_openmp *openmp) {
  static _Thread_local bool configured = false;
  if (configured) return;
  openmp->set_dynamic(0);
  openmp->set_blocktime(BLOCKTIME_MILLISECONDS);
  configured = true;
}

// When the calling thread's team worked last, and when a launch last asked whether to be given to it.
static _Thread_local int64_t last_team_end = INT64_MIN / 2;
static _Thread_local int64_t last_question = INT64_MIN / 2;
static _Thread_local int32_t questions_in_a_row = 0;

bool ck_team_is_awake(void) {
  enum {
    // Half of the time that threads spin for: what asks late would find them asleep.
    AWAKE_NANOSECONDS = BLOCKTIME_MILLISECONDS * 500 * 1000,
    // Launches that follow one another so closely, and so many of them, are worth waking the team for.
    PAUSE_NANOSECONDS = 50 * 1000,
    ENOUGH_QUESTIONS = 4,
  };
  const int64_t now = ck_trace_now();
  if (now - last_team_end < AWAKE_NANOSECONDS) return true;
  questions_in_a_row = now - last_question < PAUSE_NANOSECONDS ? questions_in_a_row + 1 : 1;
  last_question = now;
  return questions_in_a_row >= ENOUGH_QUESTIONS;
}

// What the threads of a team are given.
typedef struct team_work {
  const ck_openmp *openmp;
  ck_job *job;
  int32_t lane;
  int32_t threads;
  char *scratch;
  int64_t scratch_bytes;
  // Whether the items that they run are counted in `total`.
  bool counts;
  int64_t total;
} team_work;

static void work_as_member(int32_t *global_thread, int32_t *bound_thread, team_work *work) {
  (void)global_thread, (void)bound_thread;
  const int member = work->openmp->thread();
  char *own_scratch = work->scratch ? work->scratch + member * work->scratch_bytes : NULL;
  const int64_t done = claim_and_run(work->job, work->lane * work->threads + member, work->lane, member, own_scratch);
  if (work->counts) __atomic_fetch_add(&work->total, done, __ATOMIC_RELAXED);
}

int64_t ck_job_work(ck_job *job, int32_t lane, int32_t threads, void *scratch, int64_t scratch_bytes) {
  if (threads <= 1) return claim_and_run(job, lane, lane, 0, scratch);
  const ck_openmp *openmp = ck_openmp_runtime();
  configure_calling_thread(openmp);
  team_work work = {
      .openmp = openmp,
      .job = job,
      .lane = lane,
      .threads = threads,
      .scratch = scratch,
      .scratch_bytes = scratch_bytes,
      // What other lanes ran is counted; what a single team ran is all, and counting it takes a sixth of a small launch.
      .counts = job->workers > threads,
  };
  static const ck_openmp_place place = {.flags = 2, .source = ";unknown;unknown;0;0;;"};
  openmp->push_thread_count(&place, openmp->global_thread(&place), threads);
  // The runtime calls a region with as many arguments as it was given for it.
  openmp->fork(&place, 1, (ck_openmp_region)(uintptr_t)work_as_member, &work);
  last_team_end = ck_trace_now();
  return work.counts ? work.total : job->items;
}

void ck_run_on_team(ck_tile tile, const ck_launch *launch, int64_t items, int64_t grain, int32_t threads,
                    void *scratch, int64_t scratch_bytes, int64_t number, ck_kernel kernel) {
  _Alignas(CK_CACHE_LINE) ck_job job;
  ck_job_start(&job, tile, launch, items, grain, threads);
  job.number = number;
  job.kernel = kernel;
  ck_job_work(&job, 0, threads, scratch, scratch_bytes);
}
