// The one interface between Swift and the kernels: a launch record, a table of tile functions, and the
// two ways of running a tile function over a range of items.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdbool.h>
#include <stdint.h>

enum {
  /// The most dimensions a launch can have.
  CK_MAX_RANK = 8,
  /// The most operands a launch can have, outputs included.
  CK_MAX_OPERANDS = 6,
  /// The most scratch memory that is taken from a thread's stack.
  CK_STACK_SCRATCH_BYTES = 16 << 10,
};

/// Instruction sets, in order of preference: a machine uses the last one that it has.
typedef enum ck_isa {
  CK_ISA_BASELINE,
  CK_ISA_NEON,
  CK_ISA_AVX2,
  CK_ISA_AVX512,
  CK_ISA_COUNT,
} ck_isa;

/// Where an operand lies: its first element, and per dimension of the launch the step to the next element,
/// counted in elements of its own type. A stride of zero broadcasts.
typedef struct ck_operand {
  void *data;
  int64_t strides[CK_MAX_RANK];
} ck_operand;

/// Numbers that a kernel takes besides its operands; each kernel's comment says which it reads.
typedef struct ck_attributes {
  int64_t integers[6];
  double numbers[6];
} ck_attributes;

/// One call of a kernel. `shape[0]` is the outermost dimension. Outputs come first among the operands.
/// What an item of the launch is (an element, an output of a reduction, a row, a block of a matrix) is
/// stated by each kernel family.
typedef struct ck_launch {
  int64_t shape[CK_MAX_RANK];
  int32_t rank;
  int32_t operand_count;
  ck_operand operands[CK_MAX_OPERANDS];
  ck_attributes attributes;
  /// Whether outputs are better stored past the caches, because they would not stay there. Changes no result.
  bool streams;
} ck_launch;

/// A serial kernel: computes the items `begin ..< end` of `launch`. What it writes for an item does not
/// depend on how the items are cut into ranges. `scratch` is 64-byte aligned, private to the calling
/// thread for the call, and as large as the kernel family asks; NULL for families that ask for none.
typedef void (*ck_tile)(const ck_launch *launch, int64_t begin, int64_t end, void *scratch);

/// Runs the items `0 ..< items` of a launch that needs no more than CK_STACK_SCRATCH_BYTES of scratch memory.
void ck_run_on_stack(ck_tile tile, const ck_launch *launch, int64_t items);

/// Writes those parts of `launch` that a kernel without attributes reads in a launch over one dimension of `count`
/// elements, which lie side by side in the output: the first words of all but `attributes`. An input's stride is 1, or 0
/// where one element serves all. `b` and `c` are NULL where there is no such input; with `c` there is `b`.
void ck_make_flat_launch(ck_launch *launch, int64_t count, void *output, void *a, int64_t a_stride, void *b,
                         int64_t b_stride, void *c, int64_t c_stride);

/// Every kernel, named CK_<op>_<dtype>.
typedef enum ck_kernel {
#define CK_KERNEL(op, dtype, operands, operations) CK_##op##_##dtype,
#include "ck_kernels.def"
#undef CK_KERNEL
  CK_KERNEL_COUNT,
} ck_kernel;

/// The kernel's name, `<op>_<dtype>`.
const char *ck_kernel_name(ck_kernel kernel);

/// The instruction set's name as the environment spells it: `baseline`, `neon`, `avx2`, `avx512`.
const char *ck_isa_name(ck_isa isa);

/// Whether this build has kernels for `isa` and this CPU, with its operating system, can run them.
bool ck_isa_available(ck_isa isa);

/// Writes the numbers of the cores that this process may run on to `cores`, at most `capacity` of them, and
/// returns how many there are; 0 where the operating system does not tell.
int32_t ck_affinity_mask(int32_t *cores, int32_t capacity);

/// The tile function of `kernel` for `isa`; NULL where this build has none for `isa`.
ck_tile ck_tile_function(ck_kernel kernel, ck_isa isa);

enum {
  /// The most ranges that a job's chunks are shared out over before threads help one another.
  CK_MAX_RANGES = 32,
  /// Bytes of the longest line of any CPU's first-level cache that kernels run on.
  CK_CACHE_LINE = 64,
};

/// Chunks that lie side by side, and which threads claim in order. As large as a cache line, so that threads at work on
/// different ranges do not disturb each other.
typedef struct ck_range {
  int64_t next;  // touched through atomic operations only
  int64_t end;
  int64_t unused[6];
} ck_range;

/// A launch cut into chunks that any number of threads claim. Each thread begins with a range of its own: it then reads
/// memory in order, and from launch to launch the memory that its core's caches hold. What is left of other ranges it
/// takes over afterwards. It claims a quarter of what is left of a range at a time: the kernel then runs on for long,
/// and yet a thread that lost its core for a while holds up no more than that. Opaque but for its size: Swift keeps it
/// in memory of its own, aligned to CK_CACHE_LINE.
typedef struct ck_job {
  /// First, so that each lies in a cache line of its own where the job begins with one.
  ck_range ranges[CK_MAX_RANGES];
  ck_tile tile;
  ck_launch launch;
  int64_t items, grain;
  int32_t workers, range_count;
  /// The launch's number if its chunks are recorded, 0 if not, and then its kernel. Set before the job is shared.
  int64_t number;
  ck_kernel kernel;
} ck_job;

/// Makes `job` stand for the items `0 ..< items` of `launch` in chunks of `grain`, not recorded, for up to `workers`
/// threads.
void ck_job_start(ck_job *job, ck_tile tile, const ck_launch *launch, int64_t items, int64_t grain, int32_t workers);

/// Claims and runs chunks on a team of `threads` OpenMP threads, the caller among them, until none is left to
/// claim, and returns the number of items that this team ran. Thread *t* is worker `lane * threads + t` of the job and
/// gets the scratch at `scratch + t * scratch_bytes`. Chunks are recorded as those of `lane`. Not to be called from
/// inside a team.
int64_t ck_job_work(ck_job *job, int32_t lane, int32_t threads, void *scratch, int64_t scratch_bytes);

/// Runs a launch to its end, as a job, on one team of `threads` OpenMP threads, the caller among them.
///
/// `number` is the launch's number if its chunks are recorded, 0 if not, and `kernel` its kernel.
void ck_run_on_team(ck_tile tile, const ck_launch *launch, int64_t items, int64_t grain, int32_t threads,
                    void *scratch, int64_t scratch_bytes, int64_t number, ck_kernel kernel);

/// Whether a launch too small to wake a team for is better given to the calling thread's: because the team's threads
/// have just worked and still spin, or because launches that ask follow one another so closely that waking it pays.
bool ck_team_is_awake(void);

/// Whether this process is a fork's child, where neither OpenMP's nor Dispatch's threads exist any more.
bool ck_in_forked_child(void);

/// The file that the OpenMP runtime in use was loaded from.
const char *ck_openmp_library(void);

#include "ck_attention.h"
#include "ck_convolution.h"
#include "ck_cost.h"
#include "ck_gemm.h"
#include "ck_halves.h"
#include "ck_optimizer.h"
#include "ck_limits.h"
#include "ck_recurrence.h"
#include "ck_trace.h"
#include "ck_windows.h"

#endif
