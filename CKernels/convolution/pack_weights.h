// Packing a convolution's weights. Included for each floating-point type by convolution.h.

/// Packs the weights of every phase, for `convolution`.
///
/// Operands: packed (out: [phase][group][panel][panel_elements]; 16-bit elements become float32), weights (any strides,
/// as the convolution has them), and the ck_convolution. A panel holds panel_channels result channels side by side, for
/// each element of the phase's window and, fastest, each source channel. The launch's shape counts the weights: {result
/// channels, elements of a window, source channels}. Items are panels. Values are copied bit by bit, NaN too.
CK_TILE(convolution_pack, CK_DTYPE) {
  (void)scratch;
  const ck_convolution *convolution = launch->operands[2].data;
  const ck_convolution_plan *plan = &convolution->plan;
  const int64_t width = convolution->is_channels_last ? CK_GEMM_COLUMNS : CK_GEMM_ROWS;
  const int64_t channels = convolution->source_channels;
  for (int64_t item = begin; item < end; item++) {
    const int64_t panel = item % plan->panels, group = item / plan->panels % convolution->groups;
    const convolution_phase phase = convolution_make_phase(convolution, item / plan->panels / convolution->groups);
    const int64_t first = panel * plan->panel_channels, left = convolution->result_channels - first;
    const int64_t lines = left < plan->panel_channels ? left : plan->panel_channels;
    const stored *weights = (const stored *)launch->operands[1].data + group * convolution->weight_group +
                            first * convolution->weight_result;
    real *packed = (real *)launch->operands[0].data + item * plan->panel_elements;
    convolution_tap tap = {{0, 0, 0}};
    for (int64_t t = 0; t < phase.taps; t++) {
      int64_t offset = 0;
      for (int d = 0; d < 3; d++) {
        offset += (phase.axes[d].first_tap + tap.at[d] * phase.axes[d].tap_step) * convolution->weight_axes[d];
      }
      ck_gemm_pack_panel(packed, width, weights + offset, convolution->weight_result, convolution->weight_source, lines,
                         channels);
      packed += channels * width;
      convolution_next_tap(&phase, &tap);
    }
  }
}
