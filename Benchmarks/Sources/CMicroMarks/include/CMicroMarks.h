#ifndef CMICROMARKS_H
#define CMICROMARKS_H

#include <stdint.h>

/// Where a counted stretch of a program begins and ends: functions that do nothing, for a profiler to stop at.
void micro_begin(void);
void micro_end(void);

/// Page faults of this process so far for which nothing had to be read.
int64_t micro_page_faults(void);

#endif
