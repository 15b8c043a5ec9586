// What a caller must know of convolutions: how one is described, and how it is cut into items.
#ifndef CK_CONVOLUTION_H
#define CK_CONVOLUTION_H

#include "ckernels.h"

/// One spatial axis.
typedef struct ck_convolution_axis {
  /// The sizes of what is read through windows, of what is computed, and of the window.
  int64_t source, result, kernel;
  /// From one window to the next, from one element of a window to the next, and how far the first window begins in front
  /// of the source: as for the convolution itself, also where its transpose is computed.
  int64_t stride, dilation, padding;
} ck_convolution_axis;

/// How a convolution is cut. Depends on the ISA and on the shape alone, never on the number of threads.
typedef struct ck_convolution_plan {
  /// Results along one axis that take the same elements of the window, by whose residue they are told apart: 1 but for a
  /// transpose with a stride.
  int64_t phases;
  /// Positions and result channels of one item, channels of one panel of packed weights, and the depth of one pass.
  int64_t position_block, channel_block, panel_channels, depth_block;
  int64_t position_blocks, channel_blocks, panels;
  /// Whether sums are made without panels, of weights where they are. Then the position block is of one row where the
  /// result is row-major, and these are the rows of a block, how many such blocks a plane has, and planes.
  int64_t is_direct, row_block, row_blocks, planes;
  /// Elements of one packed panel, which is as long as the most of the window that any phase takes.
  int64_t panel_elements;
  /// Elements of what is copied for the windows of a block, and of its sums; of a gradient of weights, for which positions
  /// of a pass are its depth and the position block counts pairs of elements of the window along the first two axes, what
  /// is copied of the result's gradient.
  int64_t patch_elements, sum_elements;
  int64_t items, scratch_bytes;
  /// For the gradient of weights: positions that are added up in one part.
  int64_t part_length, parts;
  /// Whether the elements of the window are the rows of its products, and not their columns, which few of them leave empty.
  int64_t is_turned, turned_elements;
} ck_convolution_plan;

/// A convolution, or its transpose, of `batch` images with up to three spatial axes, the outermost first; those that
/// are missing have sizes of 1. Each of `groups` groups of channels is convolved by itself.
///
/// The convolution: result[n, r, q] = Σ source[n, s, q · stride + j · dilation − padding] · weight[r, s, j].
/// Its transpose:   result[n, r, q · stride + j · dilation − padding] += source[n, s, q] · weight[r, s, j].
typedef struct ck_convolution {
  int64_t batch, groups;
  /// Of one group.
  int64_t source_channels, result_channels;
  ck_convolution_axis axes[3];
  int64_t is_transposed;
  /// Whether channels vary fastest in the source and the result, as in [n, d, h, w, c]; else they lie as [n, c, d, h, w].
  int64_t is_channels_last;
  /// Steps in the weights: from a group, a result channel, a source channel, and an element of the window along each axis
  /// to the next.
  int64_t weight_group, weight_result, weight_source, weight_axes[3];
  ck_convolution_plan plan;
} ck_convolution;

/// Fills `plan` for the convolution, or for its gradient of weights, on `isa`, of elements of `element_bytes`: 4 for
/// float32, 8 for float64, 2 for float16 and bfloat16.
void ck_convolution_make_plan(ck_convolution *convolution, ck_isa isa, int64_t element_bytes);
void ck_convolution_make_weight_plan(ck_convolution *convolution, ck_isa isa, int64_t element_bytes);

#endif
