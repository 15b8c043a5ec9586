// What the files for floats of any type are written against.
#ifndef CK_WINDOWS_NAMES_H
#define CK_WINDOWS_NAMES_H

enum {
  /// Rows that are combined at a time.
  WINDOW_ROWS = 8,
  /// Vectors side by side, so that one addition need not wait for another.
  WINDOW_STREAMS = 4,
  /// Elements along w of which it is noted where they are, as many as most windows have.
  WINDOW_TAPS = 8,
};

/// Greater than any place of an element, and small enough to add a column to it.
#define WINDOW_NO_PLACE (CK_BITS == 32 ? (integer)1 << 30 : (integer)((int64_t)1 << (CK_BITS - 2)))

#define window_lanes CK_OF_DTYPE(window_lanes)

#define window_sum_group CK_OF_DTYPE(window_sum_group)
#define window_sum_rows CK_OF_DTYPE(window_sum_rows)
#define window_sum_finish CK_OF_DTYPE(window_sum_finish)
#define window_sum_lanes CK_OF_DTYPE(window_sum_lanes)
#define window_sum_across CK_OF_DTYPE(window_sum_across)
#define window_sum_phases CK_OF_DTYPE(window_sum_phases)
#define window_sum_columns CK_OF_DTYPE(window_sum_columns)
#define window_sum_channels CK_OF_DTYPE(window_sum_channels)

#define window_best CK_OF_DTYPE(window_best)
#define window_max_group CK_OF_DTYPE(window_max_group)
#define window_max_rows CK_OF_DTYPE(window_max_rows)
#define window_max_none CK_OF_DTYPE(window_max_none)
#define window_max_better CK_OF_DTYPE(window_max_better)
#define window_max_across CK_OF_DTYPE(window_max_across)
#define window_max_columns CK_OF_DTYPE(window_max_columns)
#define window_max_channels CK_OF_DTYPE(window_max_channels)
#define window_max_items CK_OF_DTYPE(window_max_items)
#define window_store_places CK_OF_DTYPE(window_store_places)
#define window_load_places CK_OF_DTYPE(window_load_places)
#define window_places_at CK_OF_DTYPE(window_places_at)

#define window_scatter CK_OF_DTYPE(window_scatter)
#define window_collect CK_OF_DTYPE(window_collect)

#endif
