import Dispatch
import Foundation
import Synchronization

/// A fixed set of threads that make requests at the same time, as a server's do.
///
/// They live as long as this object, so that what a thread keeps for itself is warm from one run to the next.
package final class Callers {
    private let threads: [CallerThread]

    package init(count: Int) {
        threads = (0..<count).map { _ in CallerThread() }
    }

    deinit {
        for thread in threads { thread.end() }
    }

    /// Makes `request` `count` times in each thread, all starting together.
    package func run(times count: Int, _ request: @escaping @Sendable () -> Void) -> Timing {
        let wallTime = seconds {
            for thread in threads { thread.start(request, times: count) }
            for thread in threads { thread.wait() }
        }
        let latencies = threads.flatMap(\.latencies).sorted()
        func percentile(_ share: Double) -> Double {
            // The smallest latency that at least this share of requests did not exceed.
            let rank = Int((share * Double(latencies.count)).rounded(.up))
            return Double(latencies[max(rank - 1, 0)]) * 1e-9
        }
        return Timing(seconds: wallTime, latency: (p50: percentile(0.5), p99: percentile(0.99)))
    }
}

/// A thread that waits for work.
private final class CallerThread: Sendable {
    private struct Work {
        var request: @Sendable () -> Void
        var count: Int
    }

    private let work = Mutex<Work?>(nil)
    private let measured = Mutex<[UInt64]>([])
    private let begins = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)

    init() {
        Thread(block: { [self] in serve() }).start()
    }

    func start(_ request: @escaping @Sendable () -> Void, times count: Int) {
        work.withLock { $0 = Work(request: request, count: count) }
        begins.signal()
    }

    /// Returns when the work that was started is done.
    func wait() { ended.wait() }

    /// How long each request of the last work took, in nanoseconds.
    var latencies: [UInt64] { measured.withLock { $0 } }

    /// Ends the thread, which has no work.
    func end() {
        work.withLock { $0 = nil }
        begins.signal()
        ended.wait()
    }

    private func serve() {
        while true {
            begins.wait()
            guard let work = work.withLock({ $0 }) else { break }
            let latencies = (0..<work.count).map { _ in
                let start = DispatchTime.now().uptimeNanoseconds
                work.request()
                return DispatchTime.now().uptimeNanoseconds - start
            }
            measured.withLock { $0 = latencies }
            ended.signal()
        }
        ended.signal()
    }
}
