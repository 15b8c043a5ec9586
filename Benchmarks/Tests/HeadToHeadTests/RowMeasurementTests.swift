import BenchmarkRows
import Foundation
import HeadToHead
import Testing

@Suite("RowMeasurement")
struct RowMeasurementTests {
    private let scratch: ScratchFolder
    private let settings = Settings(rounds: 9, passes: 3, turn: 0.02, threads: 2, quick: true)

    init() throws { scratch = try ScratchFolder() }

    private func measure(
        _ row: Row = .named("matmul/64"),
        weft: FakeContestant,
        oneThread: FakeContestant? = nil,
        peers: [FakeContestant],
        passes: [Int] = [9],
        probe: @escaping () -> CoreProbe? = { nil }
    ) -> RowResult {
        let measurement = RowMeasurement(
            weft: weft,
            oneThread: oneThread,
            peers: peers,
            settings: settings,
            scratch: scratch.url.appendingPathComponent("outputs"),
            probe: probe
        )
        var measured = Measured()
        for rounds in passes { measurement.measure(row, rounds: rounds, into: &measured) }
        return RowResult(
            row,
            measured,
            peers: peers.map(\.name),
            oneThread: oneThread?.name,
            threads: 2,
            date: "now"
        )
    }

    @Test("a machine that becomes slower all the time does not change the ratio")
    func drift() throws {
        let clock = FakeContestant.Clock()
        // Twice as slow within two seconds, which is about what the whole measurement takes.
        let weft = FakeContestant("weft", clock: clock) { 0.001 * (1 + $0 / 2) }
        let torch = FakeContestant("torch", clock: clock) { 0.003 * (1 + $0 / 2) }
        let openblas = FakeContestant("openblas", clock: clock) { 0.0005 * (1 + $0 / 2) }
        let result = measure(weft: weft, peers: [torch, openblas])
        #expect(abs(try #require(result.ratio["torch"]) - 3) < 0.1)
        #expect(abs(try #require(result.ratio["openblas"]) - 0.5) < 0.02)
        #expect(result.bestPeer == "openblas")
        #expect(result.defeat == "slower than openblas: \(Format.ratio(try #require(result.bestRatio)))")
    }

    @Test("whoever begins differs from round to round")
    func rotation() {
        var order: [String] = []
        func contestant(_ name: String) -> FakeContestant {
            FakeContestant(
                name,
                iteration: { _ in
                    order.append(name)
                    // So long that a turn is one iteration.
                    return 1
                }
            )
        }
        _ = measure(weft: contestant("weft"), peers: [contestant("torch"), contestant("jax")])
        // Before the rounds, each contestant runs one iteration to calibrate.
        #expect(
            order.dropFirst(3).prefix(9) == ["weft", "torch", "jax", "torch", "jax", "weft", "jax", "weft", "torch"]
        )
        #expect(order.count == 3 + 9 * 3)
    }

    @Test(
        "in each pass everyone prepares anew but is not compared again, and the rounds of all passes are told together"
    )
    func passes() {
        // 1 ms in the first three rounds, which a calibration comes before, and 2 ms from then on.
        var preparations = 0
        let weft = FakeContestant(
            "weft",
            iteration: { _ in preparations == 1 ? 0.001 : 0.002 },
            reply: { request in
                if request.action == .prepare { preparations += 1 }
                return nil
            }
        )
        let torch = FakeContestant("torch", iteration: { _ in 0.004 })
        let result = measure(weft: weft, peers: [torch], passes: [3, 3, 3])
        #expect(preparations == 3)
        #expect(torch.actions.count { $0 == .drop } == 3)
        #expect(torch.actions.count { $0 == .check } == 1, "what comes out is compared once")
        #expect(result.weftSeconds == 0.002 && result.ratio["torch"] == 2)
    }

    private static let quiet = CoreProbe(lineTransfer: 4e-9, arithmetic: 1e-4)
    private static let apart = CoreProbe(lineTransfer: 13e-9, arithmetic: 1e-4)
    private static let shared = CoreProbe(lineTransfer: 4e-9, arithmetic: 1.8e-4)

    /// Measures a machine on which Weft takes four times as long while the cores are disturbed.
    private func measureDisturbed(
        passes: [Int] = [9],
        by disturbance: CoreProbe = apart,
        in isDisturbed: @escaping (_ round: Int) -> Bool
    ) -> RowResult {
        // A probe for each of the two contestants, and one at the end.
        var (count, disturbed) = (0, false)
        let weft = FakeContestant("weft", iteration: { _ in disturbed ? 0.004 : 0.001 })
        let torch = FakeContestant("torch", iteration: { _ in 0.002 })
        return measure(weft: weft, peers: [torch], passes: passes) {
            disturbed = isDisturbed(count / 3)
            count += 1
            return disturbed ? disturbance : RowMeasurementTests.quiet
        }
    }

    @Test(
        "disturbed rounds do not count, others are measured in their place, and the ratio in them is told",
        arguments: [apart, shared]
    )
    func disturbed(by disturbance: CoreProbe) {
        let result = measureDisturbed(by: disturbance) { 2..<8 ~= $0 }
        #expect(result.rounds == RowResult.Rounds(quiet: 9, disturbed: 6))
        #expect(result.weftSeconds == 0.001 && result.ratio == ["torch": 2] && result.spread == 0)
        #expect(result.ratioDisturbed == ["torch": 0.5])
        #expect(result.defeat == nil && result.defeatDisturbed == "slower than torch in disturbed rounds: 0.50x")
    }

    @Test("a round that is disturbed between any two turns does not count")
    func disturbedOnce() {
        var count = 0
        let result = measure(weft: FakeContestant("weft"), peers: [FakeContestant("torch")]) {
            count += 1
            // After the first turn of the first round, and before the first turn of the third.
            return count == 2 || count == 7 ? RowMeasurementTests.apart : RowMeasurementTests.quiet
        }
        #expect(result.rounds == RowResult.Rounds(quiet: 9, disturbed: 2))
        #expect(result.ratioDisturbed == nil, "two rounds make no median")
    }

    @Test("arithmetic that always takes as long is no disturbance")
    func alwaysShared() {
        let result = measureDisturbed(by: RowMeasurementTests.shared) { _ in true }
        #expect(result.rounds == RowResult.Rounds(quiet: 9, disturbed: 0))
    }

    @Test(
        "where hardly any round is quiet, all count, of which there are at most three times as many as were asked for"
    )
    func hardlyEverQuiet() {
        let result = measureDisturbed(passes: [3, 3, 3]) { $0 % 7 != 0 }
        #expect(result.rounds == RowResult.Rounds(quiet: 4, disturbed: 23))
        #expect(result.weftSeconds == 0.004 && result.ratioDisturbed == nil)
        #expect(result.defeat == "slower than torch: 0.50x" && result.defeatDisturbed == nil)
    }

    @Test("quiet rounds count alone as soon as they make a median")
    func enoughQuiet() {
        let result = measureDisturbed { $0 % 5 != 0 }
        #expect(result.rounds == RowResult.Rounds(quiet: 6, disturbed: 21))
        #expect(result.weftSeconds == 0.001)
    }

    @Test("where the cores cannot be probed, all rounds count")
    func notProbed() {
        let result = measure(weft: FakeContestant("weft"), peers: [FakeContestant("torch")])
        #expect(result.rounds == RowResult.Rounds(quiet: 9, disturbed: 0))
    }

    @Test("who fails in one pass has no result, and is not asked in the next")
    func failsLater() {
        var preparations = 0
        let torch = FakeContestant(
            "torch",
            reply: { request throws(ContestantFailure) in
                guard request.action == .prepare else { return nil }
                preparations += 1
                if preparations == 2 { throw ContestantFailure("out of memory") }
                return nil
            }
        )
        let result = measure(
            weft: FakeContestant("weft"),
            peers: [torch, FakeContestant("jax")],
            passes: [3, 3, 3]
        )
        #expect(preparations == 2)
        #expect(result.problems == ["torch": "out of memory"])
        #expect(result.ratio.keys.sorted() == ["jax"])
    }

    @Test("limits take turns too, and the row is told as a share of them")
    func limits() {
        let weft = FakeContestant("weft")
        let row = Row.named("matmul/64", work: Row.Work(bound: .compute, flops: 5e5))
        let result = measure(row, weft: weft, peers: [])
        // At 10^9 operations a second, 5 * 10^5 of them take half of the millisecond.
        #expect(result.limit == RowResult.Share(kind: "multiply-add", fraction: 0.5))
        #expect(result.microkernelFraction == 0.5)
        #expect(result.idealSeconds == 5e-4)
        #expect(weft.actions.count { $0 == .measure } == 2 * settings.rounds)
    }

    @Test("what all threads bring is told apart from the peers")
    func scaling() {
        let oneThread = FakeContestant("weft-1", iteration: { _ in 0.0019 })
        let result = measure(weft: FakeContestant("weft"), oneThread: oneThread, peers: [])
        #expect(result.scaling == 1.9)
        #expect(result.peers.isEmpty && result.bestPeer == nil)
    }

    @Test("a wrong result fails the row before anything is timed")
    func wrong() {
        let weft = FakeContestant("weft")
        let torch = FakeContestant(
            "torch",
            reply: { request throws(ContestantFailure) in
                guard request.action == .check else { return nil }
                var answer = Answer()
                answer.outputs = try FakeContestant.write([1, 2, 4], into: request.folder ?? "")
                return answer
            }
        )
        let result = measure(weft: weft, peers: [torch, FakeContestant("jax")])
        #expect(result.failure?.contains("torch and Weft disagree") == true)
        #expect(result.weftSeconds == nil && result.ratio.isEmpty)
        #expect(!weft.actions.contains(.run))
        #expect(weft.actions.last == .drop && torch.actions.last == .drop)
    }

    @Test("a row that Weft lacks is missing, and no peer is bothered")
    func missing() {
        let weft = FakeContestant(
            "weft",
            reply: { _ in
                var answer = Answer()
                answer.missing = "Weft has no convolution yet"
                return answer
            }
        )
        let torch = FakeContestant("torch")
        let result = measure(weft: weft, peers: [torch])
        #expect(result.missing == "Weft has no convolution yet" && result.weftSeconds == nil)
        #expect(torch.requests.isEmpty)
    }

    @Test("a peer that lacks a row is no problem, and has no ratio")
    func peerMissing() {
        let torch = FakeContestant(
            "torch",
            reply: { request in
                guard request.action == .prepare else { return nil }
                var answer = Answer()
                answer.missing = "not for this peer"
                return answer
            }
        )
        let result = measure(weft: FakeContestant("weft"), peers: [torch])
        #expect(result.ratio.isEmpty && result.problems == nil && result.weftSeconds != nil)
    }

    @Test(
        "a peer that fails is reported and counts neither for nor against, and the others go on",
        arguments: [Request.Action.prepare, .check, .run]
    )
    func peerFails(_ action: Request.Action) {
        var count = 0
        let torch = FakeContestant(
            "torch",
            reply: { request throws(ContestantFailure) in
                count += request.action == action ? 1 : 0
                // The tenth run is in the middle of the rounds.
                guard count == (action == .run ? 10 : 1) else { return nil }
                throw ContestantFailure("ended with signal 9")
            }
        )
        let result = measure(weft: FakeContestant("weft"), peers: [torch, FakeContestant("jax")])
        #expect(result.problems == ["torch": "ended with signal 9"])
        #expect(result.ratio == ["jax": 1])
        #expect(result.failure == nil)
    }

    @Test("an error of Weft itself fails the row")
    func weftFails() {
        let weft = FakeContestant(
            "weft",
            reply: { request throws(ContestantFailure) in
                if request.action == .run { throw ContestantFailure("out of memory") }
                return nil
            }
        )
        let result = measure(weft: weft, peers: [FakeContestant("torch")])
        #expect(result.failure == "weft: out of memory")
        #expect(result.weftSeconds == nil && result.ratio.isEmpty)
    }

    @Test("rows of memory compare bytes, measured once a pass, after results were found equal")
    func memory() {
        let weft = FakeContestant("weft", bytes: 100e6)
        let torch = FakeContestant("torch", bytes: 250e6)
        let tuned = FakeContestant("torch-tuned", bytes: 80e6)
        let result = measure(.named("memory/gpt"), weft: weft, peers: [torch, tuned, FakeContestant("jax")], passes: [3, 3])
        #expect(result.weftBytes == 100e6 && result.weftSeconds == nil && result.weftCost == "100 MB")
        #expect(result.ratio == ["torch": 2.5, "torch-tuned": 0.8] && result.rounds?.quiet == 2)
        #expect(result.defeat == "larger than torch-tuned: 0.80x")
        #expect(result.problems == ["jax": "no process"])
        #expect(torch.actions.contains(.check) && !torch.actions.contains(.run))
    }

    @Test("rows with callers tell latency and throughput of everyone")
    func latency() {
        func contestant(_ name: String, _ seconds: Double) -> FakeContestant {
            FakeContestant(
                name,
                reply: { request in
                    guard request.action == .run else { return nil }
                    var answer = Answer()
                    answer.seconds = seconds * Double(request.iterations ?? 0)
                    answer.p50 = seconds / 2
                    answer.p99 = seconds
                    return answer
                }
            )
        }
        var row = Row.named("infer/mlp/b64/callers4")
        row.sizes = ["batch": 64, "callers": 4]
        let result = measure(row, weft: contestant("weft", 0.01), peers: [contestant("torch", 0.02)])
        #expect(result.throughput == ["weft": 25600, "torch": 12800])
        #expect(result.latency?["weft"] == RowResult.Latency(p50: 0.005, p99: 0.01))
        #expect(result.latency?["torch"] == RowResult.Latency(p50: 0.01, p99: 0.02))
    }
}
