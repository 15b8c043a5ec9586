#ifndef CCOREPROBE_H
#define CCOREPROBE_H

/// What two of the machine's cores were like at a moment: the first two that this process may run on.
struct core_probe {
  /// The seconds that one core takes to write a cache line which the other has just read: the mean over 64 KiB of
  /// lines, the median of some exchanges.
  double line_transfer;
  /// The seconds that a fixed amount of arithmetic in registers takes while both cores do it: those of the slower core,
  /// the median of some stretches.
  double arithmetic;
};

/// Probes the cores, which takes two milliseconds or so.
///
/// Returns 0; -1 if there are not two cores, or threads cannot be bound to them.
int core_probe(struct core_probe *result);

#endif
