import CKernels
import Foundation
import Testing

/// A function of the activation kernels and its derivative, by their definitions, with the numbers of the kernel.
private struct CurveCase: Sendable {
    let operation: String
    var numbers: [Double] = []
    let value: @Sendable (Wide) -> Wide
    let slope: @Sendable (Wide) -> Wide
    /// What errors are relative to besides the value and the slope.
    var valueScale: @Sendable (Wide) -> Wide = { _ in 0 }
    var slopeScale: @Sendable (Wide) -> Wide = { _ in 0 }

    static func sigmoid(_ x: Wide) -> Wide { 1 / (1 + exp(-x)) }
    static func softplus(_ x: Wide) -> Wide { max(x, 0) + log1p(exp(-x.magnitude)) }

    static let all: [CurveCase] = [
        CurveCase(
            operation: "piecewise",
            numbers: [-1.5, 2, 0.25, 1, 0, 1, 0, 0.5, 3],
            value: { $0 <= -1.5 ? 0.25 * $0 : $0 >= 2 ? 3 : $0 + 0.5 },
            slope: { $0 <= -1.5 ? 0.25 : $0 >= 2 ? 0 : 1 }
        ),
        CurveCase(
            operation: "elu",
            numbers: [1.5, 0.75, 2],
            value: { $0 > 0 ? 1.5 * $0 : 0.75 * expm1(2 * $0) },
            slope: { $0 > 0 ? 1.5 : 1.5 * exp(2 * $0) }
        ),
        CurveCase(
            operation: "softplus",
            numbers: [2, 20],
            value: { 2 * $0 > 20 ? $0 : softplus(2 * $0) / 2 },
            slope: { 2 * $0 > 20 ? 1 : sigmoid(2 * $0) },
            // The argument of the exponential is that large.
            valueScale: { $0 < 0 ? $0.magnitude * softplus(2 * $0) : 0 }
        ),
        CurveCase(
            operation: "silu",
            value: { $0 * sigmoid($0) },
            slope: { sigmoid($0) * (1 + $0 * (1 - sigmoid($0))) },
            slopeScale: { sigmoid($0) * (1 + $0.magnitude) }
        ),
        CurveCase(
            operation: "mish",
            value: { $0 * tanh(softplus($0)) },
            slope: { x in
                let t = tanh(softplus(x))
                return t + x * sigmoid(x) * (1 - t * t)
            },
            slopeScale: { (1 + $0.magnitude) * min(1, exp($0)) }
        ),
        CurveCase(
            operation: "hardswish",
            value: { $0 * min(max($0 + 3, 0), 6) / 6 },
            slope: { $0 <= -3 ? 0 : $0 >= 3 ? 1 : $0 / 3 + 0.5 },
            valueScale: { $0.magnitude > 3 ? 0 : 3 },
            slopeScale: { _ in 1 }
        ),
        CurveCase(
            operation: "softsign",
            value: { $0 / (1 + $0.magnitude) },
            slope: { 1 / ((1 + $0.magnitude) * (1 + $0.magnitude)) }
        ),
        CurveCase(
            operation: "tanhshrink",
            value: { $0 - tanh($0) },
            slope: { tanh($0) * tanh($0) },
            valueScale: { $0.magnitude }
        ),
        CurveCase(
            operation: "gelu_tanh",
            value: { $0 * sigmoid(argument($0)) },
            slope: { x in
                let s = sigmoid(argument(x))
                return s * (1 + x * rate(x) * (1 - s))
            },
            valueScale: { $0.magnitude * (1 + argument($0).magnitude) * sigmoid(argument($0)) },
            slopeScale: { (1 + ($0 * rate($0)).magnitude) * (1 + argument($0).magnitude) * sigmoid(argument($0)) }
        ),
    ]

    private static let factor = 2 * (2 / Wide.pi).squareRoot()
    private static func argument(_ x: Wide) -> Wide { factor * (x + 0.044715 * x * x * x) }
    private static func rate(_ x: Wide) -> Wide { factor * (1 + 3 * 0.044715 * x * x) }
}

@Suite("Activation kernels")
struct ActivationKernelTests {
    private func run<E: FloatElement>(
        _ set: KernelISA,
        _ operation: String,
        _ inputs: [[E]],
        numbers: [Double] = [],
        cuts: [Int] = []
    ) -> [E] {
        let output = TestOperand([inputs[0].count]) { E(nearest: 77) }
        let operands = inputs.map { TestOperand($0) }
        TileCall(
            kernel: kernel(operation, E.name),
            shape: [inputs[0].count],
            arguments: [output.argument] + operands.map(\.argument),
            integers: numbers.dropFirst(6).map { Int64(bitPattern: $0.bitPattern) },
            numbers: Array(numbers.prefix(6))
        ).run(set, items: inputs[0].count, cuts: cuts)
        return output.values
    }

    @Test("Values and slopes are within their bounds of the definitions", arguments: KernelISA.available)
    func bounds(_ set: KernelISA) {
        func check<E: FloatElement>(_: E.Type) {
            let xs = ((-600...600).map { Double($0) / 50 } + [40, -40, 1e-3, -1e-3, 1e-20, -1e-20, -0.0]).map(
                E.init(nearest:)
            )
            let ones = xs.map { _ in E(nearest: 1) }
            let unit: Wide = E.Real.self == Double.self ? 0x1p-53 : 0x1p-24
            let rounding = Wide(sign: .plus, exponent: -E.precision, significand: 1)
            let smallest =
                Wide(sign: .plus, exponent: E.smallestExponent, significand: 1)
                + (E.Real.self == Double.self ? 0x1p-1020 : 0x1p-124)
            for curve in CurveCase.all {
                let values = run(set, curve.operation, [xs], numbers: curve.numbers)
                let slopes = run(set, "\(curve.operation)_backward", [ones, xs], numbers: curve.numbers)
                for (i, element) in xs.enumerated() {
                    let x = Wide(element.real)
                    for (found, exact, scale) in [
                        (values[i], curve.value(x), curve.valueScale(x)),
                        (slopes[i], curve.slope(x), curve.slopeScale(x)),
                    ] {
                        let bound = 24 * unit * (exact.magnitude + scale) + rounding * exact.magnitude + smallest
                        let isWithin = (Wide(found.real) - exact).magnitude <= bound
                        #expect(isWithin, "\(curve.operation), \(E.name) at \(x): \(found) instead of \(exact)")
                    }
                }
            }
        }
        forEachFloat { check($0) }
    }

    @Test("Cutting the elements into ranges changes no bit", arguments: KernelISA.available)
    func cuts(_ set: KernelISA) {
        let xs = (0..<101).map { Float($0) / 10 - 5 }
        for curve in CurveCase.all {
            let whole = run(set, curve.operation, [xs], numbers: curve.numbers)
            #expect(run(set, curve.operation, [xs], numbers: curve.numbers, cuts: [1, 7, 64, 90]) == whole)
        }
    }

    @Test("Elements that do not lie side by side get the same numbers", arguments: KernelISA.available)
    func strides(_ set: KernelISA) {
        let xs = (0..<6 * 7).map { Float($0) / 10 - 2 }
        for curve in CurveCase.all {
            let dense = run(set, curve.operation, [xs], numbers: curve.numbers)
            let output = TestOperand([6, 7], .transposed) { Float(77) }
            var next = xs.makeIterator()
            let input = TestOperand([6, 7], .spaced) { Float(0) }
            for place in xs.indices {
                input.base[place / 7 * input.strides[0] + place % 7 * input.strides[1]] = next.next()!
            }
            TileCall(
                kernel: kernel(curve.operation, "f32"),
                shape: [6, 7],
                arguments: [output.argument, input.argument],
                integers: curve.numbers.dropFirst(6).map { Int64(bitPattern: $0.bitPattern) },
                numbers: Array(curve.numbers.prefix(6))
            ).run(set, items: xs.count)
            #expect(output.values == dense, "\(curve.operation)")
        }
    }

    @Test("Gated kernels choose and multiply as they are defined to", arguments: KernelISA.available)
    func gated(_ set: KernelISA) {
        let x = (0..<37).map { Float($0) / 6 - 3 }
        let a = x.map { 2 - $0 }
        let w = x.map { $0 * 0.25 }
        let chosen = zip(zip(a, x), w).map { $0.1 > 0 ? $0.0 : $0.0 * $1 }
        #expect(run(set, "prelu", [a, x, w]) == chosen)
        for (i, y) in run(set, "glu", [a, x]).enumerated() {
            let exact = Double(a[i]) / (1 + exp(-Double(x[i])))
            #expect(abs(Double(y) - exact) <= 4e-7 * (abs(exact) + 1e-30))
        }
        for (i, y) in run(set, "glu_backward", [w, a, x]).enumerated() {
            let s = 1 / (1 + exp(-Double(x[i])))
            let exact = Double(w[i]) * Double(a[i]) * s * (1 - s)
            #expect(abs(Double(y) - exact) <= 1e-6 * abs(Double(w[i]) * Double(a[i])))
        }
    }
}
