import Dispatch

/// A bound that no kernel can pass on this machine: what benchmarks and the profiler hold the others against.
@_spi(Benchmarking)
public enum MachineLimit: String, CaseIterable, Sendable {
    /// Float32 multiply-adds on registers alone, in operations a second; a multiply-add counts as two.
    case multiplyAdd = "multiply-add"
    /// The matrix product's own micro-kernel on packed panels in the first-level cache, in operations a second.
    case microkernel
    /// Reading memory, in bytes a second.
    case read
    /// Writing memory, in bytes a second.
    case write
    /// a = b + s * c on memory, in bytes a second; an element counts as two reads and one write.
    case triad

    /// What the machine reaches now with every thread of the runtime's budget and the instruction set in use.
    ///
    /// Takes 5 to 25 ms, most of that the bandwidths, which go over buffers far larger than the caches; these come
    /// from the cache of freed memory and go back there. The first call, which has to map them, takes longer. Wants
    /// the machine for itself: what other threads do at the same time is missing from the result. Stops the process
    /// if there is no memory for the buffers.
    public func measure() -> Double {
        do throws(OutOfMemory) {
            return try measured()
        } catch {
            stop("no memory to measure the \(rawValue) limit with: \(error)")
        }
    }

    func measured() throws(OutOfMemory) -> Double {
        let launches = try LimitLaunch.all(for: self, size: .machine)
        return launches.map { $0.rate(within: Self.nanoseconds / Double(launches.count)) }.max() ?? 0
    }

    /// How long rounds are repeated at least.
    private static let nanoseconds = 4e6
}

extension LimitLaunch {
    /// The best rate of at least two rounds, in units of `work` a second. An untimed round before them wakes the
    /// threads.
    fileprivate func rate(within nanoseconds: Double) -> Double {
        run()
        var (best, spent, rounds) = (Double.infinity, 0.0, 0)
        repeat {
            let start = DispatchTime.now().uptimeNanoseconds
            run()
            let elapsed = Double(max(1, DispatchTime.now().uptimeNanoseconds - start))
            best = min(best, elapsed)
            spent += elapsed
            rounds += 1
        } while spent < nanoseconds || rounds < 2
        return work / best * 1e9
    }
}
