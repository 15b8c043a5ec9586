#ifndef CLINETRANSFER_H
#define CLINETRANSFER_H

/// The time that one core takes to write a cache line which another core has just read, in seconds: the mean over
/// 64 KiB of lines, the median of some exchanges, between the first two cores that this process may run on.
///
/// Takes about a tenth of a millisecond. Negative if there are not two cores, or threads cannot be bound to them.
double line_transfer_seconds(void);

#endif
