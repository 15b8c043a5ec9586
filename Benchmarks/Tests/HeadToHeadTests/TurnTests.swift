import BenchmarkRows
import HeadToHead
import Testing

@Suite("Turn")
struct TurnTests {
    @Test("short iterations are repeated until the turn lasts as long as wanted")
    func short() {
        let turn = Turn(lasting: 0.05, iterationTaking: 1e-6)
        #expect(turn.parts == 5)
        #expect(turn.parts * turn.iterations == 50_000)
        #expect(turn.warmUp == 12_500)
    }

    @Test("an iteration that takes longer than a turn is done once, without a warm-up")
    func long() {
        let turn = Turn(lasting: 0.05, iterationTaking: 0.2)
        #expect(turn.parts == 1 && turn.iterations == 1 && turn.warmUp == 0)
    }

    @Test("a turn's time is the median of its parts")
    func hiccup() throws {
        var part = 0
        let contestant = FakeContestant("a") { _ in
            part += 1
            // The warm-up and one part are slow.
            return part == 1 || part == 3 ? 1 : 0.001
        }
        let time = try Turn(lasting: 0.05, iterationTaking: 0.001).take(by: contestant)
        #expect(time.seconds == 0.001)
        #expect(contestant.requests.count == 6)
    }

    @Test("calibration is not misled by a slow first iteration", arguments: [1e-7, 1e-4, 0.01, 0.3])
    func calibration(_ seconds: Double) throws {
        var isFirst = true
        let contestant = FakeContestant("a") { _ in
            defer { isFirst = false }
            return isFirst ? seconds * 3 : seconds
        }
        let turn = try Turn.calibrate(contestant, target: 0.05)
        let expected = Turn(lasting: 0.05, iterationTaking: seconds)
        #expect(turn.parts == expected.parts)
        #expect(abs(turn.iterations - expected.iterations) <= 1 + expected.iterations / 100)
    }

    @Test("an answer without a time is a failure")
    func withoutTime() {
        let contestant = FakeContestant("a", reply: { _ in Answer() })
        #expect(throws: ContestantFailure.self) { try Turn.calibrate(contestant, target: 0.05) }
    }
}
