import BenchmarkRows
import HeadToHead
import Testing

@Suite struct SettingsTests {
    @Test(arguments: [Settings.quick(threads: 2, selected: false), .full(threads: 2)])
    func severalCallersTakeLongerTurns(settings: Settings) throws {
        func turn(_ name: String) throws -> Double {
            settings.turn(at: try #require(Catalog.rows.first { $0.name == name }))
        }
        #expect(try turn("matmul/512") == settings.turn)
        #expect(try turn("infer/mlp/b1/callers1") == settings.turn)
        #expect(try turn("infer/mlp/b1/callers2") == 0.1)
        #expect(try turn("infer/mlp/b64/callers8") == 0.1)
    }

    @Test("a quick run has nine rounds at least, and more in more passes where no rows were selected")
    func quickRuns() {
        let (all, some) = (Settings.quick(threads: 2, selected: false), Settings.quick(threads: 2, selected: true))
        #expect(some.rounds >= 9 && all.rounds > some.rounds && all.passes > some.passes)
        #expect(all.turn == some.turn && all.quick && some.quick)
    }

    @Test("rounds are shared out over the passes, none of which is empty", arguments: [1, 2, 3, 8, 9, 15])
    func passes(rounds: Int) {
        let passes = Settings(rounds: rounds, passes: 3, turn: 0.02, threads: 2, quick: true).roundsByPass
        #expect(passes.reduce(0, +) == rounds)
        #expect(passes.count == min(rounds, 3))
        #expect(passes.max()! - passes.min()! <= 1)
    }
}
