// Recording what runs when: launches, the chunks they are cut into, and totals per kernel.
//
// Every thread records into memory of its own, without locks, up to a number of bytes for the process; what comes
// later is only counted. Totals go on for as long as recording does.
#ifndef CK_TRACE_H
#define CK_TRACE_H

#include "ckernels.h"

/// A launch that has run, on the thread that asked for it. Times are those of `ck_trace_now`.
typedef struct ck_trace_launch {
  int64_t start, duration;
  /// Its number, from 1 in the order of starting.
  int64_t number;
  int64_t items, chunks, bytes, operations;
  int64_t shape[CK_MAX_RANK];
  int64_t thread;
  int32_t rank;
  int32_t kernel;
  /// How many lanes it could run on, and how many threads in each. 1 and 1 if it ran on its caller alone.
  int32_t lanes, team;
} ck_trace_launch;

/// Chunks that one thread claimed together and ran: `count` items from `begin` on of the launch that has this number.
typedef struct ck_trace_chunk {
  int64_t start, duration;
  int64_t launch;
  int64_t begin, count;
  int64_t thread;
  int32_t kernel;
  /// Which lane it ran on, and which thread of that lane's team.
  int32_t lane, member;
} ck_trace_chunk;

/// What all launches of one kernel took together.
typedef struct ck_trace_totals {
  int64_t calls, nanoseconds, bytes, operations;
} ck_trace_totals;

/// Where a reader is among the recorded events; starts as zeros.
typedef struct ck_trace_cursor {
  const void *recorder, *block;
  int64_t index;
} ck_trace_cursor;

/// Starts recording, with room for `byte_limit` bytes of events. To be called once.
void ck_trace_start(int64_t byte_limit);

/// Ends recording: what is still running is not recorded.
void ck_trace_stop(void);

/// Nanoseconds on a clock that is never set.
int64_t ck_trace_now(void);

/// A number for the launch that is about to run.
int64_t ck_trace_next_number(void);

/// The system's number of the calling thread.
int64_t ck_trace_thread(void);

/// Records a launch of `kernel`: all of `event` but for its shape, kernel, thread, bytes and operations, which
/// are found out here.
void ck_trace_record_launch(ck_trace_launch event, ck_kernel kernel, const ck_launch *launch);

/// Records a chunk; the thread is filled in.
void ck_trace_record_chunk(ck_trace_chunk event);

/// The next recorded event, thread by thread; false at the end.
bool ck_trace_next_launch(ck_trace_cursor *cursor, ck_trace_launch *event);
bool ck_trace_next_chunk(ck_trace_cursor *cursor, ck_trace_chunk *event);

ck_trace_totals ck_trace_kernel_totals(ck_kernel kernel);

/// Events that found no room.
int64_t ck_trace_dropped(void);

#endif
