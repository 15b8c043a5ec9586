// What the row kernels' files are written against, for the type at hand.
#ifndef CK_ROWS_NAMES_H
#define CK_ROWS_NAMES_H

enum {
  /// Running sums side by side.
  ROW_STREAMS = 4,
  /// The longest row that is fetched while the one before it is computed, in elements.
  ROW_PREFETCH = 16384,
  /// The longest row that an intermediate result of is kept beside the stack frame's other variables.
  ROW_BUFFER = 4096,
  /// Vectors added one after the other before they enter a cascade.
  ROW_CHAIN = 16,
  /// Rows that are gone through side by side, so that the shares are read and written once for all of them.
  NORM_ROWS = 4,
};

/// Elements whose sum enters a cascade: each stream adds 16 vectors one after the other.
#define ROW_BLOCK (16 * ROW_STREAMS * VF_LANES)
/// Elements of a row that are added up one vector after the other before they enter a cascade.
#define NORM_BLOCK (32 * VF_LANES)

#define cross_entropy_backward_contiguous CK_OF_REAL(cross_entropy_backward_contiguous)
#define cross_entropy_backward_strided CK_OF_REAL(cross_entropy_backward_strided)
#define cross_entropy_contiguous CK_OF_REAL(cross_entropy_contiguous)
#define cross_entropy_finish CK_OF_REAL(cross_entropy_finish)
#define cross_entropy_gradient CK_OF_REAL(cross_entropy_gradient)
#define cross_entropy_gradient_start CK_OF_REAL(cross_entropy_gradient_start)
#define cross_entropy_label_slopes CK_OF_REAL(cross_entropy_label_slopes)
#define cross_entropy_slope CK_OF_REAL(cross_entropy_slope)
#define cross_entropy_slope_from CK_OF_REAL(cross_entropy_slope_from)
#define cross_entropy_strided CK_OF_REAL(cross_entropy_strided)
#define cross_entropy_sums CK_OF_REAL(cross_entropy_sums)
#define cross_entropy_sums_contiguous CK_OF_REAL(cross_entropy_sums_contiguous)
#define cross_entropy_sums_strided CK_OF_REAL(cross_entropy_sums_strided)
#define exponential_row CK_OF_REAL(exponential_row)
#define exponential_term CK_OF_REAL(exponential_term)
#define log_softmax_backward_contiguous CK_OF_REAL(log_softmax_backward_contiguous)
#define log_softmax_backward_strided CK_OF_REAL(log_softmax_backward_strided)
#define log_softmax_contiguous CK_OF_REAL(log_softmax_contiguous)
#define log_softmax_strided CK_OF_REAL(log_softmax_strided)
#define norm_affine CK_OF_REAL(norm_affine)
#define norm_backward_parts CK_OF_REAL(norm_backward_parts)
#define norm_backward_row CK_OF_REAL(norm_backward_row)
#define norm_backward_rows CK_OF_REAL(norm_backward_rows)
#define norm_gather CK_OF_REAL(norm_gather)
#define norm_items CK_OF_REAL(norm_items)
#define norm_kind CK_OF_REAL(norm_kind)
#define norm_measure CK_OF_REAL(norm_measure)
#define norm_measure_again CK_OF_REAL(norm_measure_again)
#define norm_normal CK_OF_REAL(norm_normal)
#define norm_row CK_OF_REAL(norm_row)
#define norm_rows CK_OF_REAL(norm_rows)
#define norm_statistics CK_OF_REAL(norm_statistics)
#define norm_value CK_OF_REAL(norm_value)
#define norm_weighted CK_OF_REAL(norm_weighted)
#define row_element CK_OF_REAL(row_element)
#define row_element_term CK_OF_REAL(row_element_term)
#define row_exponentials CK_OF_REAL(row_exponentials)
#define row_exponentials_strided CK_OF_REAL(row_exponentials_strided)
#define row_fetch CK_OF_REAL(row_fetch)
#define row_group CK_OF_REAL(row_group)
#define row_group_first CK_OF_REAL(row_group_first)
#define row_group_next CK_OF_REAL(row_group_next)
#define row_group_take CK_OF_REAL(row_group_take)
#define row_is_contiguous CK_OF_REAL(row_is_contiguous)
#define row_keep_first CK_OF_REAL(row_keep_first)
#define row_label CK_OF_REAL(row_label)
#define row_load CK_OF_REAL(row_load)
#define row_max CK_OF_REAL(row_max)
#define row_maximum CK_OF_REAL(row_maximum)
#define row_next CK_OF_REAL(row_next)
#define row_operand CK_OF_REAL(row_operand)
#define row_scalar CK_OF_REAL(row_scalar)
#define row_start CK_OF_REAL(row_start)
#define row_store CK_OF_REAL(row_store)
#define row_stride CK_OF_REAL(row_stride)
#define row_sum CK_OF_REAL(row_sum)
#define row_sum_add CK_OF_REAL(row_sum_add)
#define row_sum_finish CK_OF_REAL(row_sum_finish)
#define row_sum_start CK_OF_REAL(row_sum_start)
#define row_term CK_OF_REAL(row_term)
#define row_total CK_OF_REAL(row_total)
#define row_vectors CK_OF_REAL(row_vectors)
#define shifted_term CK_OF_REAL(shifted_term)
#define softmax_backward_contiguous CK_OF_REAL(softmax_backward_contiguous)
#define softmax_backward_strided CK_OF_REAL(softmax_backward_strided)
#define softmax_contiguous CK_OF_REAL(softmax_contiguous)
#define softmax_gradient_row CK_OF_REAL(softmax_gradient_row)
#define softmax_gradient_term CK_OF_REAL(softmax_gradient_term)
#define softmax_row CK_OF_REAL(softmax_row)
#define softmax_strided CK_OF_REAL(softmax_strided)
#define softmax_term CK_OF_REAL(softmax_term)

#endif
