import BenchmarkRows

/// A limit of the machine that Weft's worker can measure.
public enum Limit: String, Codable, Sendable, CaseIterable {
    /// Multiply-adds in registers.
    case multiplyAdd = "multiply-add"
    /// Weft's own micro-kernel of the matrix product, on data in the first-level cache.
    case microkernel
    /// Reading memory.
    case read
    /// Writing memory.
    case write
    /// Reading two streams and writing a third.
    case triad

    /// What a row is held against, the first of which counts; none where overhead is what is measured.
    static func limits(of work: Row.Work) -> [Limit] {
        switch work.bound {
        case .compute: [.multiplyAdd, .microkernel]
        case .read: [.read]
        case .memory: [.triad]
        case .overhead: []
        }
    }

    /// How long a row's iteration would take at this limit of `rate` operations or bytes per second.
    func seconds(of work: Row.Work, rate: Double) -> Double {
        (countsOperations ? work.flops : work.bytes) / rate
    }

    var countsOperations: Bool { self == .multiplyAdd || self == .microkernel }

    /// The rate in words.
    public func describe(_ rate: Double) -> String { Format.rate(rate, countsOperations ? "FLOP" : "B") }
}
