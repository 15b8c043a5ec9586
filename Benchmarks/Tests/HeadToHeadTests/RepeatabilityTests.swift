import HeadToHead
import Testing

@Suite("Repeatability")
struct RepeatabilityTests {
    private let first: [RowResult] = [
        .named("a", weft: 1e-3, ratio: ["torch": 2, "jax": 1]),
        .named("b", weft: 1e-3, ratio: ["torch": 1]),
        .named("quick", weft: 5e-5, ratio: ["torch": 1]),
        .named("gone", weft: 1e-3, ratio: ["torch": 1]),
    ]

    @Test("ratios too far apart are told, the furthest first, whichever is larger")
    func apart() {
        let second: [RowResult] = [
            .named("a", weft: 1e-3, ratio: ["torch": 1.6, "jax": 1.1]),
            .named("b", weft: 1e-3, ratio: ["torch": 1.5]),
            .named("quick", weft: 2e-4, ratio: ["torch": 9]),
        ]
        let forwards = Repeatability(first, second, tolerance: 0.15, atLeast: 1e-4)
        #expect(forwards.count == 3)
        #expect(forwards.apart.map(\.row) == ["b", "a"] && forwards.apart.map(\.peer) == ["torch", "torch"])
        #expect(abs(forwards.apart[1].difference - 0.25) < 1e-9)
        #expect(forwards.sentence(tolerance: 0.15) == "1 of 3 ratios agree within 15 %.")

        let backwards = Repeatability(second, first, tolerance: 0.15, atLeast: 1e-4)
        #expect(backwards.apart.map(\.difference) == forwards.apart.map(\.difference))
    }

    @Test("a run agrees with itself, to the last ratio")
    func same() {
        let same = Repeatability(samples, samples, tolerance: 0, atLeast: 0)
        #expect(same.apart.isEmpty)
        #expect(same.count == 3)
    }
}
