import BenchmarkRows
import Foundation

/// Measures one row: everyone prepares, results are compared once, and then all take turns, round by round.
///
/// The machine's speed drifts, so what is compared is measured within one round, and whoever goes first differs from
/// round to round. The limits take turns as well.
package struct RowMeasurement {
    /// Weft, with all threads.
    let weft: any Contestant
    /// Weft with one thread, to say what the others bring.
    let oneThread: (any Contestant)?
    let peers: [any Contestant]
    let settings: Settings
    /// Where outputs go while they are compared.
    let scratch: URL
    /// Says what the cores are like, as `CoreProbe.take` does.
    let probe: () -> CoreProbe?

    package init(
        weft: any Contestant,
        oneThread: (any Contestant)?,
        peers: [any Contestant],
        settings: Settings,
        scratch: URL,
        probe: @escaping () -> CoreProbe? = CoreProbe.take
    ) {
        self.weft = weft
        self.oneThread = oneThread
        self.peers = peers
        self.settings = settings
        self.scratch = scratch
        self.probe = probe
    }

    /// Measures some rounds of the row, after those that were measured before.
    ///
    /// Never fails: what went wrong becomes part of `measured`, and who had a problem is left out from then on.
    ///
    /// - Parameter rounds: how many undisturbed rounds are wanted. There are more where some are disturbed, but at most
    ///   three times as many.
    package func measure(_ row: Row, rounds: Int, into measured: inout Measured) {
        if measured.isClosed { return }
        var prepared: [any Contestant] = []
        defer {
            // Memory is freed before the next row. Whoever cannot do that has said what is wrong, or will.
            for contestant in prepared { _ = try? contestant.ask(Request(.drop), timeout: 60) }
        }
        do {
            if let reason = try prepare(row, weft) {
                measured.missing = reason
                return
            }
            prepared.append(weft)
            var rivals: [any Contestant] = []
            for peer in peers + [oneThread].compactMap({ $0 })
            where peer.runs(row) && measured.problems[peer.name] == nil {
                measured.attempt(peer) { () throws(ContestantFailure) in
                    if try prepare(row, peer) == nil {
                        prepared.append(peer)
                        rivals.append(peer)
                    }
                }
            }
            // What comes out does not change from pass to pass, and large outputs take longer to compare than to time.
            if !measured.isCompared, let difference = try compare(row, &rivals, &measured) {
                measured.failure = difference
                return
            }
            measured.isCompared = true
            if row.measuresMemory {
                try measureMemory(row, rivals, &measured)
            } else {
                try takeTurns(row, rivals, rounds, &measured)
            }
        } catch {
            measured.failure = "\(weft.name): \(error)"
        }
    }

    /// Returns why the contestant has not got the row; nil if it is ready.
    private func prepare(_ row: Row, _ contestant: any Contestant) throws(ContestantFailure) -> String? {
        var request = Request(.prepare)
        request.row = row
        // Compilers of whole models need minutes.
        let answer = try contestant.ask(request, timeout: 600)
        return answer.missing
    }

    /// Compares the outputs of Weft with those of the others.
    ///
    /// - Returns: what is wrong with somebody's result; nil if all agree. Who cannot say its result leaves `rivals`.
    private func compare(
        _ row: Row,
        _ rivals: inout [any Contestant],
        _ measured: inout Measured
    ) throws(ContestantFailure) -> String? {
        defer { try? FileManager.default.removeItem(at: scratch) }
        let folder = scratch.appendingPathComponent(weft.name)
        let expected = try check(weft, folder)
        var wrong: [String] = []
        var agreeing: [any Contestant] = []
        for rival in rivals {
            let rivalFolder = scratch.appendingPathComponent(rival.name)
            measured.attempt(rival) { () throws(ContestantFailure) in
                let outputs = try check(rival, rivalFolder)
                // Weft gives the same bits on any number of threads.
                let tolerance = rival === oneThread ? 0 : row.tolerance
                if let difference = OutputComparison.difference(
                    weft: expected,
                    in: folder,
                    peer: outputs,
                    in: rivalFolder,
                    tolerance: tolerance
                ) {
                    wrong.append("\(rival.name) and Weft disagree: \(difference)")
                } else {
                    agreeing.append(rival)
                }
            }
            try? FileManager.default.removeItem(at: rivalFolder)
        }
        rivals = agreeing
        return wrong.isEmpty ? nil : wrong.joined(separator: "; ")
    }

    private func check(_ contestant: any Contestant, _ folder: URL) throws(ContestantFailure) -> [Output] {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw ContestantFailure("cannot make \(folder.path): \(error)")
        }
        var request = Request(.check)
        request.folder = folder.path
        let answer = try contestant.ask(request, timeout: 300)
        guard let outputs = answer.outputs else { throw ContestantFailure("the answer to check has no outputs") }
        return outputs
    }

    /// One round, in which each says what the row takes of memory: a new process differs little from the next.
    private func measureMemory(
        _ row: Row,
        _ rivals: [any Contestant],
        _ measured: inout Measured
    ) throws(ContestantFailure) {
        func taken(by contestant: any Contestant) throws(ContestantFailure) -> TurnTime {
            TurnTime(bytes: try contestant.memory(for: row, iterations: RowMeasurement.memorySteps))
        }
        var round = Round(times: [weft.name: try taken(by: weft)])
        for rival in rivals {
            measured.attempt(rival) { () throws(ContestantFailure) in round.times[rival.name] = try taken(by: rival) }
        }
        measured.rounds.append(round)
    }

    /// Until what is freed and made again has settled.
    private static let memorySteps = 5

    /// Who or what has a turn.
    private enum Seat {
        case contestant(any Contestant, Turn)
        case limit(Limit)
    }

    private func takeTurns(
        _ row: Row,
        _ rivals: [any Contestant],
        _ rounds: Int,
        _ measured: inout Measured
    ) throws(ContestantFailure) {
        let target = settings.turn(at: row)
        var seats = [Seat.contestant(weft, try Turn.calibrate(weft, target: target))]
        weft.settle()
        for rival in rivals {
            measured.attempt(rival) { () throws(ContestantFailure) in
                seats.append(.contestant(rival, try Turn.calibrate(rival, target: target)))
            }
            rival.settle()
        }
        seats += Limit.limits(of: row.work).map { .limit($0) }
        let before = measured.rounds.count
        for _ in 0..<3 * rounds {
            if measured.divided(from: before).quiet.count >= rounds { break }
            var round = Round()
            // Who begins.
            let number = measured.rounds.count
            for offset in seats.indices {
                if let probe = probe() { round.probes.append(probe) }
                switch seats[(number + offset) % seats.count] {
                case .contestant(let contestant, let turn):
                    if measured.problems[contestant.name] != nil { continue }
                    if contestant === weft {
                        round.times[weft.name] = try turn.take(by: contestant)
                    } else {
                        measured.attempt(contestant) { () throws(ContestantFailure) in
                            round.times[contestant.name] = try turn.take(by: contestant)
                        }
                    }
                    contestant.settle()
                case .limit(let limit):
                    round.rates[limit] = try weft.measure(limit)
                    weft.settle()
                }
            }
            if let probe = probe() { round.probes.append(probe) }
            measured.rounds.append(round)
        }
        // Half a measurement is none.
        for name in measured.problems.keys {
            for index in measured.rounds.indices { measured.rounds[index].times[name] = nil }
        }
    }
}

/// What was measured of a row, before anything is concluded from it.
package struct Measured {
    /// Why Weft does not have the row.
    package var missing: String?
    /// What is wrong with the row: a result that differs, or Weft's own error.
    package var failure: String?
    /// Which peers could not be measured, and why.
    package var problems: [String: String] = [:]
    package var rounds: [Round] = []
    /// Whether everyone's results were found to agree.
    var isCompared = false

    package init() {}

    /// Whether more rounds would change nothing.
    var isClosed: Bool { missing != nil || failure != nil }

    /// The rounds from number `start` on in which the cores were quiet whenever they were looked at, and the others.
    func divided(from start: Int = 0) -> (quiet: [Round], disturbed: [Round]) {
        // What the arithmetic takes on cores that nobody else uses is not known, but some round will have seen it.
        let fastest = rounds.flatMap(\.probes).map(\.arithmetic).min() ?? 0
        var (quiet, disturbed): ([Round], [Round]) = ([], [])
        for round in rounds[start...] {
            if round.probes.allSatisfy({ $0.isQuiet(arithmetic: fastest) }) {
                quiet.append(round)
            } else {
                disturbed.append(round)
            }
        }
        return (quiet, disturbed)
    }

    /// Each contestant's time, or memory, over Weft's, round by round.
    static func ratios(in rounds: [Round]) -> [String: [Double]] {
        var ratios: [String: [Double]] = [:]
        for round in rounds {
            guard let weft = round.times[RowResult.weft] else { continue }
            for (name, time) in round.times where name != RowResult.weft {
                ratios[name, default: []].append(time.cost / weft.cost)
            }
        }
        return ratios
    }

    /// Does something that concerns one rival, whose failure concerns nobody else.
    mutating func attempt(_ contestant: any Contestant, _ body: () throws(ContestantFailure) -> Void) {
        do {
            try body()
        } catch {
            problems[contestant.name] = error.description
        }
    }
}

/// The turns of one round.
package struct Round {
    /// By contestant.
    package var times: [String: TurnTime]
    /// In operations or bytes per second.
    package var rates: [Limit: Double]
    /// What the cores were like before each turn and after the last; empty where that cannot be found out.
    package var probes: [CoreProbe]

    package init(times: [String: TurnTime] = [:], rates: [Limit: Double] = [:], probes: [CoreProbe] = []) {
        self.times = times
        self.rates = rates
        self.probes = probes
    }
}
