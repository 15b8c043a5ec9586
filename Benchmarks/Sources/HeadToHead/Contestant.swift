import BenchmarkRows

/// What takes turns at a row: a worker process, or whatever else answers its requests.
public protocol Contestant: AnyObject {
    /// The name in results: `weft`, `torch`, …
    var name: String { get }
    /// Whether the contestant takes part in a row at all.
    func runs(_ row: Row) -> Bool
    /// Sends a request and waits for its answer, which never holds an error.
    ///
    /// - Throws: `ContestantFailure` if the contestant answers with an error, dies, or says nothing for `timeout`
    ///   seconds.
    func ask(_ request: Request, timeout: Double) throws(ContestantFailure) -> Answer
    /// Does `iterations` iterations of the row in a new process, and says how much memory that added at most, in bytes.
    ///
    /// - Throws: as `ask` does, and where memory cannot be told.
    func memory(for row: Row, iterations: Int) throws(ContestantFailure) -> Double
    /// Waits until nothing runs any more in the contestant, which may spin for a while after its last answer.
    func settle()
}

extension Contestant {
    /// For contestants that are no processes.
    public func memory(for row: Row, iterations: Int) throws(ContestantFailure) -> Double {
        throw ContestantFailure("what \(name) takes of memory cannot be told")
    }

    /// Measures one of the machine's limits, in operations or bytes per second; only Weft's worker can.
    func measure(_ limit: Limit) throws(ContestantFailure) -> Double {
        var request = Request(.measure)
        request.limit = limit.rawValue
        let answer = try ask(request, timeout: 60)
        guard let rate = answer.rate, rate > 0, rate.isFinite else {
            throw ContestantFailure("the answer to measure \(limit.rawValue) has no rate")
        }
        return rate
    }
}

/// Why a contestant could not do what was asked.
public struct ContestantFailure: Error, Equatable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) { self.description = description }
}
