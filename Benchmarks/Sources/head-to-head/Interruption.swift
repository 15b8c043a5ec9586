import Foundation

/// Does something before the process is ended by ^C or `kill`.
final class Interruption {
    private let sources: [any DispatchSourceSignal]

    /// - Parameter body: called on a queue of its own.
    init(_ body: @escaping @Sendable () -> Void) {
        sources = [SIGINT, SIGTERM].map { number in
            // The default action would come before the source.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                body()
                // As a shell tells of a process that a signal ended.
                _exit(128 + number)
            }
            source.resume()
            return source
        }
    }

    /// Leaves signals to their default actions again.
    func cancel() {
        for source in sources { source.cancel() }
        for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    }
}
