import BenchmarkRows
import Foundation
import HeadToHead

/// A contestant whose time passes on a clock of its own, which several share and on which nothing else takes time.
final class FakeContestant: Contestant {
    final class Clock { var now = 0.0 }

    let name: String
    private let clock: Clock
    /// One iteration's time at a moment of the clock.
    private let iteration: (Double) -> Double
    /// What is said instead of the usual answer.
    private let reply: (Request) throws(ContestantFailure) -> Answer?
    /// What any row takes of memory.
    private let bytes: Double?
    private(set) var requests: [Request] = []

    init(
        _ name: String,
        clock: Clock = Clock(),
        iteration: @escaping (Double) -> Double = { _ in 0.001 },
        bytes: Double? = nil,
        reply: @escaping (Request) throws(ContestantFailure) -> Answer? = { _ in nil }
    ) {
        self.name = name
        self.clock = clock
        self.iteration = iteration
        self.bytes = bytes
        self.reply = reply
    }

    var actions: [Request.Action] { requests.map(\.action) }

    func runs(_ row: Row) -> Bool { true }

    func settle() {}

    func memory(for row: Row, iterations: Int) throws(ContestantFailure) -> Double {
        guard let bytes else { throw ContestantFailure("no process") }
        return bytes
    }

    func ask(_ request: Request, timeout: Double) throws(ContestantFailure) -> Answer {
        requests.append(request)
        if let answer = try reply(request) { return answer }
        var answer = Answer()
        switch request.action {
        case .run:
            let seconds = iteration(clock.now) * Double(request.iterations ?? 0)
            clock.now += seconds
            answer.seconds = seconds
        case .check: answer.outputs = try FakeContestant.write([1, 2, 3], into: request.folder ?? "")
        case .measure:
            clock.now += 0.01
            answer.rate = 1e9
        default: break
        }
        return answer
    }

    /// Writes an output of float32 elements as a worker does.
    static func write(_ elements: [Float], into folder: String) throws(ContestantFailure) -> [Output] {
        let bytes = elements.flatMap { element in withUnsafeBytes(of: element.bitPattern.littleEndian, Array.init) }
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: folder).appendingPathComponent("0.bin"))
        } catch {
            throw ContestantFailure("\(error)")
        }
        return [Output(dtype: "float32", shape: [elements.count], file: "0.bin")]
    }
}

/// A folder that is removed with its last use.
final class ScratchFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("head-to-head-tests.\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}

extension Row {
    /// A row whose name alone matters.
    static func named(_ name: String, work: Work = Work(bound: .overhead), quick: Bool = false) -> Row {
        let group = String(name.prefix { $0 != "/" })
        return Row(name: name, group: group, kind: group, operation: "", tolerance: 1e-3, work: work, quick: quick)
    }
}

extension RowResult {
    /// A result with these ratios, and no more.
    static func named(_ name: String, date: String = "then", weft: Double = 1, ratio: [String: Double] = [:])
        -> RowResult
    {
        var measured = Measured()
        let times = ratio.mapValues { TurnTime(seconds: $0 * weft) }.merging(["weft": TurnTime(seconds: weft)]) { $1 }
        measured.rounds = [Round(times: times)]
        return RowResult(
            .named(name),
            measured,
            peers: ratio.keys.sorted(),
            oneThread: nil,
            threads: 2,
            date: date
        )
    }
}
