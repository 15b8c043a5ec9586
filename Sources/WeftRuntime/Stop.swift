internal import CKernels

/// Ends the process, which was used wrongly, by SIGABRT: with `message` on standard error, after which standard output
/// is flushed, and without a backtrace.
package func stop(_ message: String) -> Never { ck_stop("weft: \(message)") }
