// Steps over the elements of many parameters, numbered through from the first parameter to the last.
#ifndef CK_OPTIMIZERS_SEGMENTS_H
#define CK_OPTIMIZERS_SEGMENTS_H

/// The part of one parameter that lies in a range of items.
typedef struct ck_segment {
  const ck_parameter *parameter;
  /// The part's first element, counted within the parameter, and their number.
  int64_t offset, count;
} ck_segment;

/// A walk over the segments of a range of elements.
typedef struct ck_segments {
  const ck_parameter *parameters;
  int64_t index, parameter_count, items, next, end;
} ck_segments;

/// The segments of the elements `begin ..< end` of a launch whose operand `table` is an array of `integers[0]`
/// parameters.
CK_INLINE ck_segments ck_segments_in(const ck_launch *launch, const ck_operand *table, int64_t begin, int64_t end) {
  const ck_parameter *parameters = (const ck_parameter *)table->data;
  // The last parameter that starts at or before `begin`: those before it with no elements start there too.
  int64_t low = 0, high = launch->attributes.integers[0];
  while (high - low > 1) {
    int64_t middle = low + (high - low) / 2;
    if (parameters[middle].first_item <= begin) low = middle;
    else high = middle;
  }
  return (ck_segments){parameters, low, launch->attributes.integers[0], launch->shape[0], begin, end};
}

/// Writes the next segment that is not empty to `segment`; false if there is none.
CK_INLINE bool ck_next_segment(ck_segments *segments, ck_segment *segment) {
  while (segments->next < segments->end) {
    const ck_parameter *parameter = &segments->parameters[segments->index++];
    int64_t parameter_end =
        segments->index < segments->parameter_count ? segments->parameters[segments->index].first_item
                                                    : segments->items;
    int64_t stop = parameter_end < segments->end ? parameter_end : segments->end;
    if (stop <= segments->next) continue;
    segment->parameter = parameter;
    segment->offset = segments->next - parameter->first_item;
    segment->count = stop - segments->next;
    segments->next = stop;
    return true;
  }
  return false;
}

#endif
