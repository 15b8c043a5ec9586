import BenchmarkRows
import HeadToHead
import Testing

@Suite struct SettingsTests {
    @Test(arguments: [Settings.quick(threads: 2), .full(threads: 2)])
    func severalCallersTakeLongerTurns(settings: Settings) throws {
        func turn(_ name: String) throws -> Double {
            settings.turn(at: try #require(Catalog.rows.first { $0.name == name }))
        }
        #expect(try turn("matmul/512") == settings.turn)
        #expect(try turn("infer/mlp/b1/callers1") == settings.turn)
        #expect(try turn("infer/mlp/b1/callers2") == 0.1)
        #expect(try turn("infer/mlp/b64/callers8") == 0.1)
    }
}
