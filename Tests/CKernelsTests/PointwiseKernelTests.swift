import CKernels
import Foundation
import Testing

/// A kernel on floats with the function it computes, exactly.
private struct FloatKernel: Sendable, CustomTestStringConvertible {
    let kernel: ck_kernel
    let inputs: Int
    let function: @Sendable ([Float]) -> Float

    var testDescription: String { String(cString: ck_kernel_name(kernel)) }

    static let exact: [FloatKernel] = [
        FloatKernel(kernel: CK_neg_f32, inputs: 1) { -$0[0] },
        FloatKernel(kernel: CK_abs_f32, inputs: 1) { $0[0].magnitude },
        FloatKernel(kernel: CK_sign_f32, inputs: 1) { $0[0] > 0 ? 1 : $0[0] < 0 ? -1 : 0 },
        FloatKernel(kernel: CK_square_f32, inputs: 1) { $0[0] * $0[0] },
        FloatKernel(kernel: CK_sqrt_f32, inputs: 1) { $0[0].squareRoot() },
        FloatKernel(kernel: CK_reciprocal_f32, inputs: 1) { 1 / $0[0] },
        FloatKernel(kernel: CK_relu_f32, inputs: 1) { $0[0] < 0 ? 0 : $0[0] },
        FloatKernel(kernel: CK_add_f32, inputs: 2) { $0[0] + $0[1] },
        FloatKernel(kernel: CK_sub_f32, inputs: 2) { $0[0] - $0[1] },
        FloatKernel(kernel: CK_mul_f32, inputs: 2) { $0[0] * $0[1] },
        FloatKernel(kernel: CK_div_f32, inputs: 2) { $0[0] / $0[1] },
        FloatKernel(kernel: CK_maximum_f32, inputs: 2) { x in
            x[0].isNaN || x[1].isNaN ? .nan : x[0] > x[1] ? x[0] : x[1]
        },
        FloatKernel(kernel: CK_minimum_f32, inputs: 2) { x in
            x[0].isNaN || x[1].isNaN ? .nan : x[0] < x[1] ? x[0] : x[1]
        },
        FloatKernel(kernel: CK_relu_backward_f32, inputs: 2) { $0[1] > 0 ? $0[0] : 0 },
        FloatKernel(kernel: CK_sigmoid_backward_f32, inputs: 2) { $0[0] * ($0[1] * (1 - $0[1])) },
    ]
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

/// A comparison with its kernels for floats and for integers.
private struct Comparison: Sendable, CustomTestStringConvertible {
    let floats: ck_kernel
    let integers: ck_kernel
    let holdsForFloats: @Sendable (Float, Float) -> Bool
    let holdsForIntegers: @Sendable (Int64, Int64) -> Bool

    var testDescription: String { String(cString: ck_kernel_name(floats)) }

    static let all: [Comparison] = [
        Comparison(
            floats: CK_eq_f32,
            integers: CK_eq_i64,
            holdsForFloats: { $0 == $1 },
            holdsForIntegers: { $0 == $1 }
        ),
        Comparison(
            floats: CK_ne_f32,
            integers: CK_ne_i64,
            holdsForFloats: { $0 != $1 },
            holdsForIntegers: { $0 != $1 }
        ),
        Comparison(floats: CK_lt_f32, integers: CK_lt_i64, holdsForFloats: { $0 < $1 }, holdsForIntegers: { $0 < $1 }),
        Comparison(
            floats: CK_le_f32,
            integers: CK_le_i64,
            holdsForFloats: { $0 <= $1 },
            holdsForIntegers: { $0 <= $1 }
        ),
        Comparison(floats: CK_gt_f32, integers: CK_gt_i64, holdsForFloats: { $0 > $1 }, holdsForIntegers: { $0 > $1 }),
        Comparison(
            floats: CK_ge_f32,
            integers: CK_ge_i64,
            holdsForFloats: { $0 >= $1 },
            holdsForIntegers: { $0 >= $1 }
        ),
    ]
}

@Suite struct PointwiseKernelTests {
    @Test(arguments: FloatKernel.exact, KernelISA.available)
    private func arithmeticOnFloatsRoundsOnce(_ kernel: FloatKernel, _ set: KernelISA) {
        var random = TestRandom()
        for layout in PointwiseCase.all {
            layout.check(
                kernel.kernel,
                set,
                inputs: kernel.inputs,
                untouched: Float(77),
                next: { random.float() },
                agrees: { same($0, kernel.function($1)) },
                sameBits: same
            )
        }
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

    @Test(arguments: Comparison.all, KernelISA.available)
    private func comparisonsGiveBoolsAndOnlyNotEqualHoldsForNaN(_ comparison: Comparison, _ set: KernelISA) {
        var random = TestRandom()
        for layout in PointwiseCase.all {
            layout.check(
                comparison.floats,
                set,
                inputs: 2,
                untouched: UInt8(77),
                next: { random.float() },
                agrees: { $0 == (comparison.holdsForFloats($1[0], $1[1]) ? 1 : 0) },
                sameBits: ==
            )
            layout.check(
                comparison.integers,
                set,
                inputs: 2,
                untouched: UInt8(77),
                next: { random.integer() },
                agrees: { $0 == (comparison.holdsForIntegers($1[0], $1[1]) ? 1 : 0) },
                sameBits: ==
            )
        }
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
            _ kernel: ck_kernel,
            from next: () -> In,
            untouched: Out,
            _ function: (In) -> Out
        ) {
            for layout in PointwiseCase.all {
                layout.check(
                    kernel,
                    set,
                    inputs: 1,
                    untouched: untouched,
                    next: next,
                    agrees: { result, x in result == function(x[0]) },
                    sameBits: { $0 == $1 }
                )
            }
        }
        let (float, integer, bool) = ({ random.float() }, { random.integer() }, { random.bool() })
        check(CK_to_i64_f32, from: float, untouched: Int64(77)) { x in
            x.isFinite ? Int64(exactly: x.rounded(.towardZero)) ?? .min : .min
        }
        check(CK_to_bool_f32, from: float, untouched: UInt8(77)) { x in x != 0 ? 1 : 0 }
        check(CK_to_f32_i64, from: integer, untouched: Float(77)) { x in Float(x) }
        check(CK_to_bool_i64, from: integer, untouched: UInt8(77)) { x in x != 0 ? 1 : 0 }
        check(CK_to_f32_bool, from: bool, untouched: Float(77)) { x in Float(x) }
        check(CK_to_i64_bool, from: bool, untouched: Int64(77)) { x in Int64(x) }
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
        check(CK_where_i64, Int64(77)) { random.integer() }
        check(CK_where_bool, UInt8(77)) { random.bool() }
    }

    @Test(arguments: KernelISA.available)
    func aProductIsAddedWithTwoRoundingsAtTheMost(_ set: KernelISA) {
        var random = TestRandom()
        func next() -> Float {
            let special: [Float] = [0, -0.0, 1, .nan, .infinity, -.infinity, 1e-20]
            return random.next() % 4 == 0 ? special.randomElement(using: &random)! : .random(in: -8...8, using: &random)
        }
        for layout in PointwiseCase.all {
            layout.check(
                CK_addcmul_f32,
                set,
                inputs: 3,
                untouched: Float(77),
                next: next,
                agrees: { out, x in
                    let product = Double(x[1]) * Double(x[2])
                    let exact = Double(x[0]) + product
                    guard exact.isFinite else { return same(out, Float(exact)) }
                    return abs(Double(out) - exact) <= 0x1p-24 * (abs(product) + abs(exact)) * 1.001 + 0x1p-149
                },
                sameBits: same
            )
        }
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
            #expect(generate(CK_fill_f32, Float(77), [], [0.1]).allSatisfy { $0 == 0.1 })
            #expect(generate(CK_fill_i64, Int64(77), [.min], []).allSatisfy { $0 == .min })
            #expect(generate(CK_fill_bool, UInt8(77), [5], []).allSatisfy { $0 == 1 })
            let floats = generate(CK_arange_f32, Float(77), [], [-0.3, 0.1])
            #expect(floats == (0..<count).map { Float(-0.3 + Double($0) * 0.1) })
            let integers = generate(CK_arange_i64, Int64(77), [.max - 3, 2], [])
            #expect(integers == (0..<count).map { (Int64.max - 3) &+ Int64($0) &* 2 })
        }
    }

    @Test(arguments: KernelISA.available)
    func geluAndTheDerivativesStayWithinTheirAbsoluteBounds(_ set: KernelISA) {
        let xs = (-1200...1200).map { Float($0) / 100 } + [0x1p-130, -0x1p-130, 1e-20, -0.0]
        func apply(_ kernel: ck_kernel, _ inputs: [[Float]]) -> [Float] {
            let output = TestOperand([xs.count]) { Float(77) }
            let operands = inputs.map { TestOperand($0) }
            TileCall(kernel: kernel, shape: [xs.count], arguments: [output.argument] + operands.map(\.argument))
                .run(set, items: xs.count)
            return output.values
        }
        func cumulative(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }
        for (x, y) in zip(xs, apply(CK_gelu_f32, [xs])) {
            let exact = Double(x) * cumulative(Double(x))
            #expect(abs(Double(y) - exact) <= 0x1p-23 * max(Double(x).magnitude, 0x1p-126), "gelu(\(x)) gave \(y)")
        }
        let ones = xs.map { _ in Float(1) }
        for (x, y) in zip(xs, apply(CK_gelu_backward_f32, [ones, xs])) {
            let density = exp(-0.5 * Double(x) * Double(x)) / (2 * Double.pi).squareRoot()
            #expect(abs(Double(y) - (cumulative(Double(x)) + Double(x) * density)) <= 0x1p-22, "at \(x) gave \(y)")
        }
        for (x, y) in zip(xs, apply(CK_tanh_backward_f32, [xs, xs])) {
            let exact = Double(x) * (1 - Double(x) * Double(x))
            #expect(abs(Double(y) - exact) <= 0x1p-22 * max(Double(x).magnitude, abs(exact)), "at \(x) gave \(y)")
        }
        #expect(apply(CK_gelu_f32, [xs.map { _ in .nan }]).allSatisfy { $0.isNaN })
        #expect(apply(CK_relu_f32, [xs.map { _ in .nan }]).allSatisfy { $0.isNaN })
    }
}
