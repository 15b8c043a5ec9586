// What a reduction's launch says, and the order in which its elements are best read.
#ifndef CK_REDUCTIONS_PLAN_H
#define CK_REDUCTIONS_PLAN_H

#include "../core/walk.h"

/// How a reduction reads its input. Depends on shapes and strides alone, so that every cut of the items
/// reads, and rounds, alike.
typedef enum reduce_path {
  /// One output at a time, over contiguous runs of reduced elements.
  REDUCE_RUNS,
  /// Neighbouring outputs side by side, over rows that hold one element for each.
  REDUCE_COLUMNS,
  /// One output at a time, its elements first brought together in a buffer.
  REDUCE_GATHERED,
} reduce_path;

enum {
  /// The shortest contiguous run that is worth a vector reduction of its own.
  REDUCE_SHORTEST_RUN = 16,
  /// The fewest strided outputs that are worth being gathered into rows.
  REDUCE_FEWEST_COLUMNS = 8,
  /// The most outputs side by side: a row of them fills a page, which hardware prefetching stays within.
  REDUCE_PANEL = 1024,
  /// Vectors in flight: enough to hide an addition's latency at two loads a cycle.
  REDUCE_STREAMS = 8,
  /// Levels of the cascade of blocks.
  REDUCE_LEVELS = 48,
  /// Rows read together. Few enough for the hardware to follow each as a stream of its own.
  REDUCE_ROWS = 4,
  /// A gathered row's place in the buffer; not a power of two, so that rows do not compete for cache sets.
  REDUCE_BUFFER_ROW = REDUCE_PANEL + 16,
  /// Levels of the cascade of row groups. Beyond 2^19 groups the last level is a plain running result.
  REDUCE_PANEL_LEVELS = 20,
};

/// The most elements of a block. Each stream then adds 16 vectors one after the other, a chain as short as
/// a cascade of a few levels.
#define REDUCE_BLOCK (16 * REDUCE_STREAMS * VF_LANES)

typedef struct reduce_plan {
  ck_space kept, reduced;
  int64_t part_length;
  reduce_path path;
} reduce_plan;

CK_APART reduce_plan reduce_plan_make(const ck_launch *launch) {
  int32_t kept_rank = (int32_t)launch->attributes.integers[0];
  const int64_t *strides = launch->operands[1].strides;
  reduce_plan plan = {
    .kept = ck_space_make(kept_rank, launch->shape, strides),
    .reduced = ck_space_make(launch->rank - kept_rank, launch->shape + kept_rank, strides + kept_rank),
    .part_length = launch->attributes.integers[2],
  };
  int64_t columns = ck_space_inner_count(&plan.kept);
  bool has_runs = ck_space_inner_stride(&plan.reduced) == 1;
  if (has_runs && ck_space_inner_count(&plan.reduced) >= REDUCE_SHORTEST_RUN) {
    plan.path = REDUCE_RUNS;
  } else if (columns >= REDUCE_FEWEST_COLUMNS || (columns > 1 && ck_space_inner_stride(&plan.kept) == 1)) {
    plan.path = REDUCE_COLUMNS;
  } else {
    plan.path = has_runs && plan.reduced.rank == 1 ? REDUCE_RUNS : REDUCE_GATHERED;
  }
  return plan;
}

/// The reduced elements of an item: `first ..< last` of the reduced space.
typedef struct reduce_range {
  int64_t first, last;
} reduce_range;

static inline reduce_range reduce_part(const reduce_plan *plan, int64_t part) {
  int64_t first = part * plan->part_length;
  if (first > plan->reduced.count) first = plan->reduced.count;
  int64_t last = plan->reduced.count - first < plan->part_length ? plan->reduced.count : first + plan->part_length;
  return (reduce_range){first, last};
}

/// How many items from `cursor` on lie along the innermost kept dimension, no more than `most`. They are of one part.
static inline int64_t reduce_neighbours(const reduce_plan *plan, const ck_cursor *cursor, int64_t most) {
  int64_t run = ck_cursor_run(&plan->kept, cursor);
  return run < most ? run : most;
}

/// How many items from `cursor` on are reduced side by side, no more than `most`.
static inline int64_t reduce_columns(const reduce_plan *plan, const ck_cursor *cursor, int64_t most) {
  return reduce_neighbours(plan, cursor, most < REDUCE_PANEL ? most : REDUCE_PANEL);
}

#endif
