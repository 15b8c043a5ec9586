import Testing

@testable import WeftTensor

@Suite("Comparisons and choices")
struct ComparisonTests {
    struct Comparison: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let run: @Sendable (Tensor, Tensor) -> Tensor
        let withNumber: @Sendable (Tensor, Double) -> Tensor
        let reference: @Sendable (Double, Double) -> Bool
    }

    static let comparisons = [
        Comparison(testDescription: ".==", run: { $0 .== $1 }, withNumber: { $0 .== $1 }, reference: { $0 == $1 }),
        Comparison(testDescription: ".!=", run: { $0 .!= $1 }, withNumber: { $0 .!= $1 }, reference: { $0 != $1 }),
        Comparison(testDescription: ".<", run: { $0 .< $1 }, withNumber: { $0 .< $1 }, reference: { $0 < $1 }),
        Comparison(testDescription: ".<=", run: { $0 .<= $1 }, withNumber: { $0 .<= $1 }, reference: { $0 <= $1 }),
        Comparison(testDescription: ".>", run: { $0 .> $1 }, withNumber: { $0 .> $1 }, reference: { $0 > $1 }),
        Comparison(testDescription: ".>=", run: { $0 .>= $1 }, withNumber: { $0 .>= $1 }, reference: { $0 >= $1 }),
    ]

    @Test("Values compare as IEEE 754 says, with broadcasting", arguments: comparisons)
    func floats(comparison: Comparison) {
        let values = [Double.nan, .infinity, -.infinity, 0, -0.0, 1, 1.5, -2]
        let (a, b) = (Reference([8, 1], values), Reference([8], values))
        let result = comparison.run(a.tensor(), b.tensor())
        #expect(result.dtype == .bool)
        expect(result, equals: a.combined(b) { comparison.reference($0, $1) ? 1 : 0 })
    }

    @Test("Operands may lie in memory in any way", arguments: comparisons, Placement.allCases)
    func placement(comparison: Comparison, placement: Placement) {
        let a = Reference.distinct([3, 4, 5]).map { $0.rounded() }
        let b = Reference.distinct([3, 4, 5], from: -3, to: 1).map { $0.rounded() }
        expect(
            comparison.run(a.tensor(placement), b.tensor(.reversed)),
            equals: a.combined(b) { comparison.reference($0, $1) ? 1 : 0 }
        )
    }

    @Test("Integers compare exactly, truth values as 0 and 1, and mixtures after promotion", arguments: comparisons)
    func integers(comparison: Comparison) {
        let large = comparison.run(Tensor([1 << 60, 1 << 60]), Tensor([1 << 60, 1 << 60 + 1]))
        #expect(large.array(of: Bool.self) == [comparison.reference(0, 0), comparison.reference(0, 1)])
        let truths = comparison.run(Tensor([false, true, true]), Tensor([true, true, false]))
        #expect(truths.array(of: Bool.self) == [(0, 1), (1, 1), (1, 0)].map { comparison.reference($0.0, $0.1) })
        let mixed = comparison.run(Tensor([2, 3]), Tensor([2.5]))
        #expect(mixed.array(of: Bool.self) == [comparison.reference(2, 2.5), comparison.reference(3, 2.5)])
        let number = comparison.withNumber(Tensor([2, 3]), 2.5)
        #expect(number.array(of: Bool.self) == [comparison.reference(2, 2.5), comparison.reference(3, 2.5)])
    }

    @Test("Logic works on truth values, and on other dtypes by whether they are not 0")
    func logic() {
        let a = Tensor([true, true, false, false])
        let b = Tensor([1.5, 0, -2, 0])
        #expect(a.logicalAnd(b).array(of: Bool.self) == [true, false, false, false])
        #expect(a.logicalOr(b).array(of: Bool.self) == [true, true, true, false])
        #expect(a.logicalXor(b).array(of: Bool.self) == [false, true, true, false])
        #expect(b.logicalNot().array(of: Bool.self) == [false, true, false, true])
        #expect(Tensor([0, 7]).logicalNot().array(of: Bool.self) == [true, false])
        #expect(
            Tensor([[true], [false]]).logicalOr(Tensor([false, true])).array(of: Bool.self) == [
                true, true, false, true,
            ]
        )
    }

    @Test("A choice takes from one side or the other, with broadcasting and promotion")
    func choice() {
        let condition = Tensor([[true], [false]])
        expect(
            `where`(condition, Tensor([1.0, 2.0, 3.0]), Tensor(-1.0)),
            equals: Reference([2, 3], [1, 2, 3, -1, -1, -1])
        )
        let mixed = `where`(Tensor([true, false]), Tensor([1, 2]), Tensor([0.5]))
        #expect(mixed.dtype == .float32)
        #expect(mixed.array() == [1, 0.5])
        #expect(`where`(Tensor([false]), Tensor([true]), Tensor([false])).dtype == .bool)
        #expect(`where`(Tensor([true]), Tensor([Int.max]), Tensor([0])).item(as: Int.self) == Int.max)
        // What is not chosen has no influence, not even as NaN.
        #expect(`where`(Tensor([true, false]), Tensor([1.0, .nan]), Tensor([.nan, 2.0])).array() == [1, 2])
    }

    @Test("A choice works however its operands lie", arguments: Placement.allCases)
    func choicePlacement(placement: Placement) {
        let condition = Reference.distinct([3, 4, 2]).map { $0 > 0 ? 1 : 0 }
        let (a, b) = (Reference.distinct([3, 4, 2]), Reference.distinct([3, 4, 2], from: 5, to: 6))
        let expected = Reference([3, 4, 2]) { condition[$0] == 1 ? a[$0] : b[$0] }
        expect(`where`(condition.tensor(placement, .bool), a.tensor(.reversed), b.tensor(placement)), equals: expected)
    }
}
