import BenchmarkRows

/// How much a contestant does in one turn at a row: a warm-up that does not count, then some equal parts, of which
/// the median counts.
///
/// The contestant before has filled the caches with its own data, and threads that slept are slow to wake: hence the
/// warm-up. A hiccup of the machine spoils one part: hence the median.
package struct Turn: Equatable {
    /// Iterations of a part.
    package var iterations: Int
    /// How many parts.
    package var parts: Int
    /// Iterations that do not count; 0 where one iteration is so long that the start is lost in it.
    package var warmUp: Int

    /// A turn that lasts about `target` seconds, if one iteration takes `seconds`.
    package init(lasting target: Double, iterationTaking seconds: Double) {
        let count = target / max(seconds, 1e-9)
        parts = min(max(Int(count), 1), Turn.mostParts)
        iterations = max(1, Int(count / Double(parts)))
        warmUp = count < 1 ? 0 : max(1, Int(count / 4))
    }

    private static let mostParts = 5

    /// Takes the turn.
    package func take(by contestant: some Contestant) throws(ContestantFailure) -> TurnTime {
        if warmUp > 0 { _ = try Turn.run(warmUp, by: contestant) }
        var times: [TurnTime] = []
        for _ in 0..<parts { times.append(try Turn.run(iterations, by: contestant)) }
        return TurnTime(
            seconds: Statistics.median(times.map(\.cost)),
            p50: TurnTime.median(times.compactMap(\.p50)),
            p99: TurnTime.median(times.compactMap(\.p99))
        )
    }

    /// Runs the prepared row until it is warm, and returns the turn that would last about `target` seconds.
    package static func calibrate(_ contestant: some Contestant, target: Double) throws(ContestantFailure) -> Turn {
        var iterations = 1
        // The first iteration pays for what is made once.
        var time = try run(1, by: contestant).cost
        if time < target * 4 { time = try run(1, by: contestant).cost }
        while time * Double(iterations) < target / 2, iterations < 1 << 40 {
            // One slow iteration must not end the search early, so it goes on in small steps.
            iterations *= 4
            time = try run(iterations, by: contestant).cost
        }
        return Turn(lasting: target, iterationTaking: time)
    }

    /// The time of one iteration among `iterations`.
    private static func run(_ iterations: Int, by contestant: some Contestant) throws(ContestantFailure) -> TurnTime {
        var request = Request(.run)
        request.iterations = iterations
        let answer = try contestant.ask(request, timeout: 120)
        guard let seconds = answer.seconds, seconds > 0, seconds.isFinite else {
            throw ContestantFailure("the answer to run has no time")
        }
        return TurnTime(seconds: seconds / Double(iterations), p50: answer.p50, p99: answer.p99)
    }
}

/// What a turn took.
package struct TurnTime: Equatable {
    /// What is compared: of one iteration, its time in seconds, or where the row measures memory, bytes.
    package var cost: Double
    /// Whether the cost is in bytes.
    package var isMemory = false
    /// The median and the 99th percentile of a request's time, where the row has callers.
    package var p50: Double?
    package var p99: Double?

    package init(bytes: Double) {
        cost = bytes
        isMemory = true
    }

    package init(seconds: Double, p50: Double? = nil, p99: Double? = nil) {
        cost = seconds
        self.p50 = p50
        self.p99 = p99
    }

    /// The time of one iteration; nil where the row measures memory.
    package var seconds: Double? { isMemory ? nil : cost }

    static func median(_ values: [Double]) -> Double? { values.isEmpty ? nil : Statistics.median(values) }
}
