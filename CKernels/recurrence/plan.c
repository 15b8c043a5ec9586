// How a recurrent layer is cut into launches and items.
#include "../core/sizes.h"
#include "../include/ckernels.h"
#include "../gemm/shapes.h"
#include "scratch.h"

/// The micro-kernels that multiply on one ISA: their most rows, their vectors, and the elements of a vector.
typedef struct recurrence_tile {
  int64_t rows, vectors, lanes;
} recurrence_tile;

static const recurrence_tile tiles_of_f32[CK_ISA_COUNT] = {
    [CK_ISA_BASELINE] = {CK_GEMM_ROWS_BASELINE, CK_GEMM_VECTORS_BASELINE, 4},
    [CK_ISA_NEON] = {CK_GEMM_ROWS_NEON, CK_GEMM_VECTORS_NEON, 4},
    [CK_ISA_AVX2] = {CK_GEMM_ROWS_AVX2, CK_GEMM_VECTORS_AVX2, 8},
    [CK_ISA_AVX512] = {CK_GEMM_ROWS_AVX512, CK_GEMM_VECTORS_AVX512, 16},
};
static const recurrence_tile tiles_of_f64[CK_ISA_COUNT] = {
    [CK_ISA_BASELINE] = {CK_GEMM_ROWS_BASELINE_F64, CK_GEMM_VECTORS_BASELINE_F64, 2},
    [CK_ISA_NEON] = {CK_GEMM_ROWS_NEON_F64, CK_GEMM_VECTORS_NEON_F64, 2},
    [CK_ISA_AVX2] = {CK_GEMM_ROWS_AVX2_F64, CK_GEMM_VECTORS_AVX2_F64, 4},
    [CK_ISA_AVX512] = {CK_GEMM_ROWS_AVX512_F64, CK_GEMM_VECTORS_AVX512_F64, 8},
};

enum {
  /// Recurrent weights of more bytes do not stay in a core's second-level cache beside all else: its cores then share
  /// the weights out, and not the batch.
  most_weight_bytes = 1 << 20,
  /// Items that rows of the batch are cut into for threads to share, where there are enough of them,
  enough_items = 16,
  /// for which an item keeps so many rows, in whose sums the latency of a multiply-add is hidden.
  least_rows = 4,
};

/// Rows of the batch in an item: few enough for one micro-kernel and for threads to have as many items each, down to
/// `least_rows`.
static int64_t rows_of_item(const recurrence_tile *tile, int64_t directions, int64_t batch) {
  const int64_t most = at_most(tile->rows, batch);
  const int64_t shared = ceiling(batch, at_least(enough_items / directions, 1));
  return at_least(at_most(at_least(shared, least_rows), most), 1);
}

ck_recurrence_plan ck_recurrence_make_plan(ck_isa isa, int64_t element_bytes, int64_t directions, int64_t batch,
                                           int64_t gates, int64_t hidden, int64_t outputs) {
  const bool is_double = element_bytes == 8;
  const recurrence_tile *tile = is_double ? &tiles_of_f64[isa] : &tiles_of_f32[isa];
  const int64_t real_bytes = is_double ? 8 : 4;
  ck_recurrence_plan plan;
  // A projection takes all columns of the step before it can give any.
  plan.by_steps = outputs == hidden && gates * hidden * outputs * real_bytes > most_weight_bytes;
  plan.rows = plan.by_steps ? at_least(at_most(tile->rows, batch), 1) : rows_of_item(tile, directions, batch);
  // Few rows leave registers free for more columns: see the wide micro-kernels.
  const int64_t vectors = plan.rows == 1 ? 8 : plan.rows <= 3 ? 4 : tile->vectors;
  plan.panel_columns = vectors * tile->lanes;
  plan.items = directions * ceiling(plan.by_steps ? hidden : batch, plan.by_steps ? plan.panel_columns : plan.rows);
  plan.scratch_bytes = recurrence_scratch(plan.rows, gates, hidden, outputs, tile->lanes) * real_bytes;
  return plan;
}
