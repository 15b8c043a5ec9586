import CKernels
import Foundation
import Testing

/// An operation whose result is rounded once, or step by step as written, to what is computed with.
private enum ExactOperation: String, CaseIterable, Sendable {
    case neg, abs, sign, square, sqrt, reciprocal, relu
    case add, sub, mul, div, maximum, minimum
    case reluBackward = "relu_backward"
    case sigmoidBackward = "sigmoid_backward"

    var inputs: Int {
        switch self {
        case .neg, .abs, .sign, .square, .sqrt, .reciprocal, .relu: 1
        default: 2
        }
    }

    func callAsFunction<R: BinaryFloatingPoint>(_ x: [R]) -> R {
        switch self {
        case .neg: -x[0]
        case .abs: x[0].magnitude
        case .sign: x[0] > 0 ? 1 : x[0] < 0 ? -1 : 0
        case .square: x[0] * x[0]
        case .sqrt: x[0].squareRoot()
        case .reciprocal: 1 / x[0]
        case .relu: x[0] < 0 ? 0 : x[0]
        case .add: x[0] + x[1]
        case .sub: x[0] - x[1]
        case .mul: x[0] * x[1]
        case .div: x[0] / x[1]
        case .maximum: x[0].isNaN || x[1].isNaN ? .nan : x[0] > x[1] ? x[0] : x[1]
        case .minimum: x[0].isNaN || x[1].isNaN ? .nan : x[0] < x[1] ? x[0] : x[1]
        case .reluBackward: x[1] <= 0 ? 0 : x[0]
        case .sigmoidBackward: x[0] * (x[1] * (1 - x[1]))
        }
    }
}

/// A kernel on 64-bit integers with the function it computes.
private struct IntegerKernel: Sendable, CustomTestStringConvertible {
    let kernel: ck_kernel
    let inputs: Int
    let function: @Sendable ([Int64]) -> Int64

    var testDescription: String { String(cString: ck_kernel_name(kernel)) }

    static let all: [IntegerKernel] = [
        IntegerKernel(kernel: CK_neg_i64, inputs: 1) { 0 &- $0[0] },
        IntegerKernel(kernel: CK_abs_i64, inputs: 1) { $0[0] < 0 ? 0 &- $0[0] : $0[0] },
        IntegerKernel(kernel: CK_sign_i64, inputs: 1) { $0[0].signum() },
        IntegerKernel(kernel: CK_square_i64, inputs: 1) { $0[0] &* $0[0] },
        IntegerKernel(kernel: CK_add_i64, inputs: 2) { $0[0] &+ $0[1] },
        IntegerKernel(kernel: CK_sub_i64, inputs: 2) { $0[0] &- $0[1] },
        IntegerKernel(kernel: CK_mul_i64, inputs: 2) { $0[0] &* $0[1] },
        IntegerKernel(kernel: CK_maximum_i64, inputs: 2) { max($0[0], $0[1]) },
        IntegerKernel(kernel: CK_minimum_i64, inputs: 2) { min($0[0], $0[1]) },
    ]
}

/// A comparison, which has kernels for floats and for integers.
private enum Comparison: String, CaseIterable, Sendable {
    case eq, ne, lt, le, gt, ge

    func callAsFunction<T: Comparable>(_ a: T, _ b: T) -> Bool {
        switch self {
        case .eq: a == b
        case .ne: a != b
        case .lt: a < b
        case .le: a <= b
        case .gt: a > b
        case .ge: a >= b
        }
    }
}

@Suite struct PointwiseKernelTests {
    @Test(arguments: ExactOperation.allCases, KernelISA.available)
    private func arithmeticOnFloatsRoundsOnce(_ operation: ExactOperation, _ set: KernelISA) {
        func check<E: FloatElement>(_: E.Type) {
            var random = TestRandom()
            for layout in PointwiseCase.all {
                layout.check(
                    kernel(operation.rawValue, E.name),
                    set,
                    inputs: operation.inputs,
                    untouched: E(nearest: 77),
                    next: { E.draw(&random) },
                    agrees: { alike($0, E(rounding: operation($1.map(\.real)))) },
                    sameBits: alike
                )
            }
        }
        forEachFloat { check($0) }
    }

    @Test(arguments: IntegerKernel.all, KernelISA.available)
    private func arithmeticOnIntegersWraps(_ kernel: IntegerKernel, _ set: KernelISA) {
        var random = TestRandom()
        for layout in PointwiseCase.all {
            layout.check(
                kernel.kernel,
                set,
                inputs: kernel.inputs,
                untouched: Int64(77),
                next: { random.integer() },
                agrees: { $0 == kernel.function($1) },
                sameBits: ==
            )
        }
    }

    @Test(arguments: Comparison.allCases, KernelISA.available)
    private func comparisonsGiveBoolsAndOnlyNotEqualHoldsForNaN(_ comparison: Comparison, _ set: KernelISA) {
        var random = TestRandom()
        func check<In: BitwiseCopyable>(_ dtype: String, _ next: () -> In, _ holds: (In, In) -> Bool) {
            for layout in PointwiseCase.all {
                layout.check(
                    kernel(comparison.rawValue, dtype),
                    set,
                    inputs: 2,
                    untouched: UInt8(77),
                    next: next,
                    agrees: { $0 == (holds($1[0], $1[1]) ? 1 : 0) },
                    sameBits: ==
                )
            }
        }
        func checkFloats<E: FloatElement>(_: E.Type) {
            check(E.name, { E.draw(&random) }, { comparison($0.real, $1.real) })
        }
        forEachFloat { checkFloats($0) }
        check("i64", { random.integer() }, { comparison($0, $1) })
    }

    @Test(arguments: KernelISA.available)
    func logicOnBoolsGivesZeroOrOne(_ set: KernelISA) {
        var random = TestRandom()
        let kernels: [(ck_kernel, Int, ([UInt8]) -> Bool)] = [
            (CK_logical_and_bool, 2, { $0[0] != 0 && $0[1] != 0 }),
            (CK_logical_or_bool, 2, { $0[0] != 0 || $0[1] != 0 }),
            (CK_logical_xor_bool, 2, { ($0[0] != 0) != ($0[1] != 0) }),
            (CK_logical_not_bool, 1, { $0[0] == 0 }),
        ]
        for (kernel, inputs, function) in kernels {
            for layout in PointwiseCase.all {
                layout.check(
                    kernel,
                    set,
                    inputs: inputs,
                    untouched: UInt8(77),
                    next: { random.bool() },
                    agrees: { $0 == (function($1) ? 1 : 0) },
                    sameBits: ==
                )
            }
        }
    }

    @Test(arguments: KernelISA.available)
    func conversionsTruncateRoundAndMarkWhatDoesNotFit(_ set: KernelISA) {
        var random = TestRandom()
        func check<In: BitwiseCopyable, Out: BitwiseCopyable & Equatable>(
            _ to: String,
            _ from: String,
            _ next: () -> In,
            untouched: Out,
            agrees: (Out, Out) -> Bool = { $0 == $1 },
            _ function: (In) -> Out
        ) {
            for layout in PointwiseCase.all {
                layout.check(
                    kernel("to_\(to)", from),
                    set,
                    inputs: 1,
                    untouched: untouched,
                    next: next,
                    agrees: { result, x in agrees(result, function(x[0])) },
                    sameBits: agrees
                )
            }
        }
        let (integer, bool) = ({ random.integer() }, { random.bool() })
        func checkFloats<E: FloatElement>(_: E.Type) {
            let float = { E.draw(&random) }
            let none = E(nearest: 77)
            check("i64", E.name, float, untouched: Int64(77)) { x in
                x.real.isFinite ? Int64(exactly: x.real.rounded(.towardZero)) ?? .min : .min
            }
            check("bool", E.name, float, untouched: UInt8(77)) { x in x.real != 0 ? 1 : 0 }
            check(E.name, "bool", bool, untouched: none, agrees: alike) { x in E(nearest: Double(x)) }
            check(E.name, "i64", integer, untouched: none, agrees: alike) { x in
                // Rounded to odd first where a double would round, so that rounding again is rounding once.
                let upper = x & ~0xfff
                let isExact = x.magnitude < 1 << 53 || E.precision > 24
                return E(nearest: isExact ? Double(x) : Double(upper | (upper == x ? 0 : 0x800)))
            }
            func checkTo<T: FloatElement>(_: T.Type) {
                guard T.name != E.name else { return }
                check(T.name, E.name, float, untouched: T(nearest: 77), agrees: alike) { T(nearest: $0.double) }
            }
            forEachFloat { checkTo($0) }
        }
        forEachFloat { checkFloats($0) }
        check("bool", "i64", integer, untouched: UInt8(77)) { x in x != 0 ? 1 : 0 }
        check("i64", "bool", bool, untouched: Int64(77)) { x in Int64(x) }
    }

    @Test(arguments: KernelISA.available)
    func whereTakesTheBitsOfTheChosenSide(_ set: KernelISA) {
        var random = TestRandom()
        func check<T: BitwiseCopyable & Equatable>(_ kernel: ck_kernel, _ untouched: T, _ next: () -> T) {
            for layout in PointwiseCase.all {
                let condition = TestOperand(layout.shape, layout.inputs[0]) { random.bool() }
                let a = TestOperand(layout.shape, layout.inputs[1], next: next)
                let b = TestOperand(layout.shape, layout.inputs[2], next: next)
                for cuts in [[], [1, 5, 6, 17, layout.count - 1]] {
                    let output = TestOperand(layout.shape, layout.output) { untouched }
                    let arguments = [output.argument, condition.argument, a.argument, b.argument]
                    TileCall(kernel: kernel, shape: layout.shape, arguments: arguments)
                        .run(set, items: layout.count, cuts: cuts)
                    let chosen = zip(condition.values, zip(a.values, b.values)).map { $0 != 0 ? $1.0 : $1.1 }
                    #expect(output.values == chosen, "\(layout)")
                }
            }
        }
        // NaN compares unequal to itself, so floats are drawn without it.
        check(CK_where_f32, Float(77)) {
            let x = random.float()
            return x.isNaN ? -0.0 : x
        }
        check(CK_where_f64, 77.0) {
            let x = Double.draw(&random)
            return x.isNaN ? -0.0 : x
        }
        check(CK_where_f16, UInt16(77)) { UInt16(truncatingIfNeeded: random.next()) }
        check(CK_where_bf16, UInt16(77)) { UInt16(truncatingIfNeeded: random.next()) }
        check(CK_where_i64, Int64(77)) { random.integer() }
        check(CK_where_bool, UInt8(77)) { random.bool() }
    }

    @Test(arguments: KernelISA.available)
    func aProductIsAddedWithTwoRoundingsAtTheMost(_ set: KernelISA) {
        func check<E: FloatElement>(_: E.Type) {
            var random = TestRandom()
            func next() -> E {
                let special: [Double] = [0, -0.0, 1, .nan, .infinity, -.infinity, 1e-20]
                let isSpecial = random.next() % 4 == 0
                return E(
                    nearest: isSpecial ? special.randomElement(using: &random)! : .random(in: -8...8, using: &random)
                )
            }
            // Of what is computed with, and of what is stored.
            let unit: Wide = E.Real.self == Double.self ? 0x1p-53 : 0x1p-24
            let rounding = Wide(sign: .plus, exponent: -E.precision, significand: 1)
            let smallest = Wide(sign: .plus, exponent: E.smallestExponent, significand: 1)
            for layout in PointwiseCase.all {
                layout.check(
                    kernel("addcmul", E.name),
                    set,
                    inputs: 3,
                    untouched: E(nearest: 77),
                    next: next,
                    agrees: { out, x in
                        let product = Wide(x[1].real) * Wide(x[2].real)
                        let exact = Wide(x[0].real) + product
                        guard exact.isFinite else { return alike(out, E(nearest: Double(exact))) }
                        let stored = E.precision < 24 ? rounding * exact.magnitude : 0
                        let bound = unit * (product.magnitude + exact.magnitude) + stored
                        return (Wide(out.real) - exact).magnitude <= bound * 1.01 + smallest
                    },
                    sameBits: alike
                )
            }
        }
        forEachFloat { check($0) }
    }

    @Test(arguments: KernelISA.available)
    func anOutputMayLieOnAnInput(_ set: KernelISA) {
        var random = TestRandom()
        for shape in [[1], [45], [7, 9]] {
            for arrangement in [Arrangement.dense, .spaced, .transposed] {
                let a = TestOperand(shape, arrangement) { random.float() }
                let b = TestOperand(shape) { random.float() }
                let sums = zip(a.values, b.values).map { $0 + $1 }
                let call = TileCall(kernel: CK_add_f32, shape: shape, arguments: [a.argument, a.argument, b.argument])
                call.run(set, items: sums.count, cuts: [2, 20])
                let agrees = zip(a.values, sums).allSatisfy { same($0, $1) }
                #expect(agrees)
            }
            let x = TestOperand(shape) { random.integer() }
            let negated = x.values.map { 0 &- $0 }
            TileCall(kernel: CK_neg_i64, shape: shape, arguments: [x.argument, x.argument])
                .run(set, items: negated.count)
            #expect(x.values == negated)
        }
    }

    @Test(arguments: KernelISA.available)
    func fillAndArangeFollowTheRowMajorOrder(_ set: KernelISA) {
        for layout in PointwiseCase.all {
            func generate<T: BitwiseCopyable>(_ kernel: ck_kernel, _ none: T, _ integers: [Int64], _ numbers: [Double])
                -> [T]
            {
                let output = TestOperand(layout.shape, layout.output) { none }
                TileCall(
                    kernel: kernel,
                    shape: layout.shape,
                    arguments: [output.argument],
                    integers: integers,
                    numbers: numbers
                ).run(set, items: layout.count, cuts: [1, 6, 11, 30])
                return output.values
            }
            let count = layout.count
            func checkFloats<E: FloatElement>(_: E.Type) {
                let filled = generate(kernel("fill", E.name), E(nearest: 77), [], [0.1])
                #expect(filled.allSatisfy { $0 == E(nearest: 0.1) })
                let floats = generate(kernel("arange", E.name), E(nearest: 77), [], [-0.3, 0.1])
                #expect(floats == (0..<count).map { E(nearest: -0.3 + Double($0) * 0.1) })
            }
            forEachFloat { checkFloats($0) }
            #expect(generate(CK_fill_i64, Int64(77), [.min], []).allSatisfy { $0 == .min })
            #expect(generate(CK_fill_bool, UInt8(77), [5], []).allSatisfy { $0 == 1 })
            let integers = generate(CK_arange_i64, Int64(77), [.max - 3, 2], [])
            #expect(integers == (0..<count).map { (Int64.max - 3) &+ Int64($0) &* 2 })
        }
    }

    @Test(arguments: KernelISA.available)
    func geluAndTheDerivativesStayWithinTheirBounds(_ set: KernelISA) {
        func check<E: FloatElement>(_: E.Type) {
            let xs = ((-4000...4000).map { Double($0) / 100 } + [0x1p-130, -0x1p-130, 1e-20, -0.0]).map(
                E.init(nearest:)
            )
            func apply(_ operation: String, _ inputs: [[E]]) -> [E] {
                let output = TestOperand([xs.count]) { E(nearest: 77) }
                let operands = inputs.map { TestOperand($0) }
                TileCall(
                    kernel: kernel(operation, E.name),
                    shape: [xs.count],
                    arguments: [output.argument] + operands.map(\.argument)
                ).run(set, items: xs.count)
                return output.values
            }
            // The precision that is computed with, and rounding to what is stored.
            let unit: Wide = E.Real.self == Double.self ? 0x1p-52 : 0x1p-23
            let rounding = Wide(sign: .plus, exponent: -E.precision, significand: 1)
            let smallest = Wide(sign: .plus, exponent: E.smallestExponent, significand: 1)
            func isWithin(_ bound: Wide, _ y: E, of exact: Wide) -> Bool {
                (Wide(y.real) - exact).magnitude <= bound + exact.magnitude * rounding + smallest
            }
            func cumulative(_ x: Wide) -> Wide { 0.5 * erfc(-x / Wide(2).squareRoot()) }
            for (x, y) in zip(xs.map { Wide($0.real) }, apply("gelu", [xs])) {
                #expect(isWithin(unit * x.magnitude, y, of: x * cumulative(x)), "gelu(\(x)) gave \(y)")
            }
            let ones = xs.map { _ in E(nearest: 1) }
            for (x, y) in zip(xs.map { Wide($0.real) }, apply("gelu_backward", [ones, xs])) {
                let density = exp(-0.5 * x * x) / (2 * Wide.pi).squareRoot()
                // Relative to both terms, also where they are tiny; the baseline does not fuse the square's multiply-add.
                let terms = cumulative(x) + x.magnitude * density
                let tiny: Wide = E.Real.self == Double.self ? 0x1p-1022 : 0x1p-126
                let bound = (4 + (set.fuses ? 0 : x * x / 4)) * unit * terms + tiny
                #expect(isWithin(bound, y, of: cumulative(x) + x * density), "\(E.name) at \(x) gave \(y)")
            }
            for (x, y) in zip(xs.map { Wide($0.real) }, apply("tanh_backward", [xs, xs])) {
                let exact = x * (1 - x * x)
                let size = x.magnitude * max(x * x, (1 - x * x).magnitude)
                #expect(isWithin(unit * size, y, of: exact), "at \(x) gave \(y)")
            }
            for (x, y) in zip(xs.map { Wide($0.real) }, apply("sigmoid_backward", [ones, xs])) {
                let exact = x * (1 - x)
                #expect(isWithin(2 * unit * exact.magnitude, y, of: exact), "at \(x) gave \(y)")
            }
            #expect(apply("gelu", [xs.map { _ in E(nearest: .nan) }]).allSatisfy { $0.isNaN })
            #expect(apply("gelu", [xs.map { _ in E(nearest: -.infinity) }]).allSatisfy { $0.isNaN })
            #expect(apply("relu", [xs.map { _ in E(nearest: .nan) }]).allSatisfy { $0.isNaN })
        }
        forEachFloat { check($0) }
    }
}
