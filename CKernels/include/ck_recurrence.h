// What a caller must know of recurrent layers' kernels: how a layer is cut into items, and what a launch of them reads
// besides its operands.
#ifndef CK_RECURRENCE_H
#define CK_RECURRENCE_H

#include "ckernels.h"

/// What a time step computes; in `integers[0]` of a launch.
typedef enum ck_recurrence_cell {
  CK_RECURRENCE_TANH,
  CK_RECURRENCE_RELU,
  CK_RECURRENCE_LSTM,
  CK_RECURRENCE_GRU,
} ck_recurrence_cell;

/// Elements for each direction, time step and row of the batch, side by side in each.
typedef struct ck_recurrence_sequence {
  void *data;
  int64_t direction, step, row;
} ck_recurrence_sequence;

/// What a launch reads and writes besides its operands. States are [directions, batch, width], dense, and NULL for
/// zeros where they are read and for nothing where they are written.
typedef struct ck_recurrence {
  /// The number of steps of each row of the batch, from 1 to the launch's; NULL if all have those. Later steps change no
  /// state and give zeros. The second direction begins at each row's last step.
  const int64_t *lengths;
  /// Per direction what is added to the recurrent product, [gates, hidden]; NULL for nothing.
  const void *bias[2];
  /// The projection's weights, packed by `gemm_pack`: [directions][panel][depth][panel columns]; NULL for none.
  const void *projection;
  int64_t projection_direction;
  const void *initial_h, *initial_c;
  void *final_c;
  /// Read backward: what forward gave, and its gradients.
  ck_recurrence_sequence output, output_gradient;
  const void *final_h_gradient, *final_c_gradient;
  /// Written backward. The first two are always there, the second for LSTM alone. Where steps are launched one by one
  /// they hold the states' gradients from one to the next.
  void *initial_h_gradient, *initial_c_gradient;
  /// The gradient of what the projection gave, where there is one.
  ck_recurrence_sequence projected_gradient;
} ck_recurrence;

/// How one layer is cut. Depends on the ISA and on shapes alone, never on the number of threads.
typedef struct ck_recurrence_plan {
  /// Whether each time step is a launch, whose items are columns of the states. Otherwise all steps are one, whose items
  /// are rows of the batch.
  bool by_steps;
  /// Rows of the batch that are multiplied at once; without `by_steps` those of an item.
  int64_t rows;
  /// Columns of the panels that `gemm_pack` packs of all weights; with `by_steps` those of an item.
  int64_t panel_columns;
  /// How many items a launch has.
  int64_t items;
  /// Scratch that each thread needs, in bytes.
  int64_t scratch_bytes;
} ck_recurrence_plan;

/// The plan for a layer with `gates` times `hidden` gates, whose h has `outputs` elements, of elements of
/// `element_bytes` on `isa`.
ck_recurrence_plan ck_recurrence_make_plan(ck_isa isa, int64_t element_bytes, int64_t directions, int64_t batch,
                                           int64_t gates, int64_t hidden, int64_t outputs);

#endif
