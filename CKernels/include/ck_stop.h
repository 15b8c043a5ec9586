#ifndef CK_STOP_H
#define CK_STOP_H

/// Ends the process by SIGABRT, whose handlers are not called, after writing `message` and a line end to standard error
/// and then what was printed to standard output.
_Noreturn void ck_stop(const char *message);

#endif
