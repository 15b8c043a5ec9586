import Foundation
import Testing

@testable import WeftTensor

@Suite("Elementwise functions")
struct MathTests {
    struct Function: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let run: @Sendable (Tensor) -> Tensor
        let reference: @Sendable (Double) -> Double
        var low = -4.0
        var high = 4.0
        /// NaN, infinity, -infinity, 0 and -1 go to these.
        let special: [Double]
    }

    private static let inf = Double.infinity
    private static let nan = Double.nan

    static let functions = [
        Function(testDescription: "neg", run: { -$0 }, reference: { -$0 }, special: [nan, -inf, inf, 0, 1]),
        Function(testDescription: "abs", run: { $0.abs() }, reference: { abs($0) }, special: [nan, inf, inf, 0, 1]),
        Function(
            testDescription: "sign",
            run: { $0.sign() },
            reference: { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 },
            special: [0, 1, -1, 0, -1]
        ),
        Function(
            testDescription: "square",
            run: { $0.square() },
            reference: { $0 * $0 },
            special: [nan, inf, inf, 0, 1]
        ),
        Function(
            testDescription: "sqrt",
            run: { $0.sqrt() },
            reference: { $0.squareRoot() },
            low: 0.001,
            high: 90,
            special: [nan, inf, nan, 0, nan]
        ),
        Function(
            testDescription: "reciprocal",
            run: { $0.reciprocal() },
            reference: { 1 / $0 },
            low: 0.1,
            high: 9,
            special: [nan, 0, 0, inf, -1]
        ),
        Function(
            testDescription: "exp",
            run: { $0.exp() },
            reference: { exp($0) },
            low: -20,
            high: 20,
            special: [nan, inf, 0, 1, exp(-1)]
        ),
        Function(
            testDescription: "log",
            run: { $0.log() },
            reference: { log($0) },
            low: 1e-3,
            high: 1e3,
            special: [nan, inf, nan, -inf, nan]
        ),
        Function(testDescription: "erf", run: { $0.erf() }, reference: { erf($0) }, special: [nan, 1, -1, 0, erf(-1)]),
        Function(
            testDescription: "tanh",
            run: { $0.tanh() },
            reference: { tanh($0) },
            special: [nan, 1, -1, 0, tanh(-1)]
        ),
        Function(
            testDescription: "sigmoid",
            run: { $0.sigmoid() },
            reference: { 1 / (1 + exp(-$0)) },
            low: -20,
            high: 20,
            special: [nan, 1, 0, 0.5, 1 / (1 + exp(1))]
        ),
        Function(testDescription: "relu", run: { $0.relu() }, reference: { max($0, 0) }, special: [nan, inf, 0, 0, 0]),
        Function(
            testDescription: "gelu",
            run: { $0.gelu() },
            reference: { 0.5 * $0 * (1 + erf($0 * 0.5.squareRoot())) },
            special: [nan, inf, nan, 0, -0.5 * (1 + erf(-(0.5.squareRoot())))]
        ),
    ]

    @Test("Values are those of the definition, however they lie in memory", arguments: functions, Placement.allCases)
    func values(function: Function, placement: Placement) {
        let x = Reference.distinct([5, 6, 7], from: function.low, to: function.high)
        expect(function.run(x.tensor(placement)), equals: x.map(function.reference), tolerance: 1e-6)
    }

    @Test("Repeated elements, scalars and nothing at all go through", arguments: functions)
    func shapes(function: Function) {
        let row = Reference.distinct([1, 4], from: function.low, to: function.high)
        expect(
            function.run(row.tensor().expanded(to: [3, 4])),
            equals: Reference([3, 4]) { function.reference(row[$0]) },
            tolerance: 1e-6
        )
        let scalar = Reference.distinct([], from: function.low, to: function.high)
        expect(function.run(scalar.tensor()), equals: scalar.map(function.reference), tolerance: 1e-6)
        #expect(function.run(Tensor(zeros: [2, 0, 3])).shape == [2, 0, 3])
    }

    @Test("NaN, infinities and zero go where the definition sends them", arguments: functions)
    func special(function: Function) {
        let x = Tensor([Self.nan, Self.inf, -Self.inf, 0, -1])
        // x · Φ(x) at -infinity is infinity times zero by its definition, and zero by its limit.
        let isGelu = function.testDescription == "gelu"
        let result = function.run(x).array(of: Double.self)
        for (index, (value, expected)) in zip(result, function.special).enumerated() where !(isGelu && index == 2) {
            #expect(
                value.isNaN ? expected.isNaN : value == expected || abs(value - expected) < 1e-6,
                "element \(index): \(value) instead of \(expected)"
            )
        }
        if isGelu { #expect(result[2].isNaN || result[2] == 0) }
    }

    @Test("Large tensors are computed to the last element", arguments: functions)
    func large(function: Function) {
        let x = Tensor(uniform: [100_003], in: 0.5..<2, generator: RandomGenerator(seed: 3))
        let reference = Reference(x).map(function.reference)
        expect(function.run(x), equals: reference, tolerance: 1e-6)
    }

    @Test("Integers keep their dtype where the result is one, and are computed as float32 elsewhere")
    func integers() {
        let x = Tensor([-3, 0, 4])
        #expect((-x).array(of: Int.self) == [3, 0, -4])
        #expect(x.abs().array(of: Int.self) == [3, 0, 4])
        #expect(x.sign().array(of: Int.self) == [-1, 0, 1])
        #expect(x.square().array(of: Int.self) == [9, 0, 16])
        for result in [-x, x.abs(), x.sign(), x.square()] { #expect(result.dtype == .int64) }
        expect(x.exp(), equals: Reference([3], [exp(-3), 1, exp(4)]), tolerance: 1e-6)
        #expect(x.sigmoid().dtype == .float32)
        #expect(Tensor([true, false]).exp().dtype == .float32)
    }

    @Test("What a dtype has no kernel for is refused with the dtypes that have one")
    func refusedDTypes() {
        expectRefusal("neg", "bool", "int64, float16, bfloat16, float32, float64") { _ = -Tensor([true]) }
        expectRefusal("sub", "bool", "int64, float16, bfloat16, float32, float64") {
            _ = Tensor([true]) - Tensor([false])
        }
    }
}
