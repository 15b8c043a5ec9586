import CKernels
import Foundation
import Testing

/// A transcendental operation, its function in more precision, and the errors it promises in float32 and in float64.
private struct MathOperation: Sendable, CustomTestStringConvertible {
    let name: String
    let bounds: (float32: Double, float64: Double)
    let function: @Sendable (Wide) -> Wide
    /// As `function`, and much quicker, for all float32.
    let doubleFunction: @Sendable (Double) -> Double
    /// Whether there are kernels of it for float32 and float64 alone.
    var isOfReals = false

    static let all: [MathOperation] = [
        MathOperation(name: "exp", bounds: (1.25, 1.2), function: { exp($0) }, doubleFunction: { exp($0) }),
        MathOperation(name: "log", bounds: (0.9, 1), function: { log($0) }, doubleFunction: { log($0) }),
        MathOperation(name: "tanh", bounds: (1.5, 1.6), function: { tanh($0) }, doubleFunction: { tanh($0) }),
        MathOperation(
            name: "sigmoid",
            bounds: (2.5, 2.5),
            function: { $0 < 0 ? exp($0) / (1 + exp($0)) : 1 / (1 + exp(-$0)) },
            doubleFunction: { $0 < 0 ? exp($0) / (1 + exp($0)) : 1 / (1 + exp(-$0)) }
        ),
        MathOperation(name: "erf", bounds: (1.3, 1.3), function: { erf($0) }, doubleFunction: { erf($0) }),
        .ofReals("sin", 2.5, { sin($0) }, { sin($0) }),
        .ofReals("cos", 2.5, { cos($0) }, { cos($0) }),
        .ofReals("tan", 4.5, { tan($0) }, { tan($0) }),
        .ofReals("asin", 4, { asin($0) }, { asin($0) }),
        .ofReals("acos", 4, { acos($0) }, { acos($0) }),
        .ofReals("atan", 2.5, { atan($0) }, { atan($0) }),
        .ofReals("sinh", 2.5, { sinh($0) }, { sinh($0) }),
        .ofReals("cosh", 2.5, { cosh($0) }, { cosh($0) }),
        .ofReals("asinh", 5, { asinh($0) }, { asinh($0) }),
        .ofReals("acosh", 5, { acosh($0) }, { acosh($0) }),
        .ofReals("atanh", 5, { atanh($0) }, { atanh($0) }),
        .ofReals("exp2", 1.5, { exp2($0) }, { exp2($0) }),
        .ofReals("expm1", 2.5, { expm1($0) }, { expm1($0) }),
        .ofReals("log1p", 3, { log1p($0) }, { log1p($0) }),
        .ofReals("log2", 2.5, { log2($0) }, { log2($0) }),
        .ofReals("log10", 2.5, { log10($0) }, { log10($0) }),
        .ofReals("rsqrt", 1.5, { 1 / $0.squareRoot() }, { 1 / $0.squareRoot() }),
        .ofReals("floor", 0, { $0.rounded(.down) }, { $0.rounded(.down) }),
        .ofReals("ceil", 0, { $0.rounded(.up) }, { $0.rounded(.up) }),
        .ofReals("trunc", 0, { $0.rounded(.towardZero) }, { $0.rounded(.towardZero) }),
        .ofReals("round", 0, { $0.rounded(.toNearestOrEven) }, { $0.rounded(.toNearestOrEven) }),
    ]

    private static func ofReals(
        _ name: String,
        _ bound: Double,
        _ function: @escaping @Sendable (Wide) -> Wide,
        _ doubleFunction: @escaping @Sendable (Double) -> Double
    ) -> MathOperation {
        MathOperation(
            name: name,
            bounds: (bound, bound),
            function: function,
            doubleFunction: doubleFunction,
            isOfReals: true
        )
    }

    var testDescription: String { name }

    /// The error that is allowed in elements of type `E`. 16-bit floats are rounded from a float32.
    func bound<E: FloatElement>(_: E.Type) -> Double {
        // A reference that is no wider than the result is up to an ULP off itself.
        if E.self == Double.self { return bounds.float64 + (Wide.self == Double.self ? 1 : 0) }
        return E.self == Float.self ? bounds.float32 : 0.502
    }

    func apply<E: FloatElement>(_ xs: [E], _ set: KernelISA) -> [E] {
        let x = TestOperand(xs)
        let output = TestOperand([xs.count]) { E(nearest: 77) }
        TileCall(kernel: kernel(name, E.name), shape: [xs.count], arguments: [output.argument, x.argument])
            .run(set, items: xs.count)
        return output.values
    }

    /// Expects what the kernel gives for `xs` to be within the bound.
    func check<E: FloatElement>(_ xs: [E], _ set: KernelISA) {
        var worst = (error: 0.0, at: E(nearest: 0))
        for (x, y) in zip(xs, apply(xs, set)) {
            let error = y.ulps(from: function(Wide(x.real)))
            if error > worst.error { worst = (error, x) }
        }
        #expect(worst.error <= bound(E.self), "\(E.name): \(worst.error) ULP at \(worst.at.double)")
    }
}

@Suite struct MathKernelTests {
    /// A prime step through all bit patterns, negative numbers, denormals and NaN among them. With
    /// WEFT_TEST_ALL_FLOATS set, none is left out, which takes six minutes on two cores if the tests are optimised.
    private static let step: UInt64 =
        ProcessInfo.processInfo.environment["WEFT_TEST_ALL_FLOATS"] == nil ? 131_071 : 1

    /// Loops over memory of concrete types, and references that all sets share: the only test that may have 2^32 cases.
    @Test(arguments: MathOperation.all)
    private func everyFloatIsWithinTheStatedError(_ operation: MathOperation) {
        let capacity = 1 << 15
        let byteCount = capacity * MemoryLayout<Float>.stride
        let xs = KernelMemory.allocate(byteCount: byteCount)
        let ys = KernelMemory.allocate(byteCount: byteCount)
        defer {
            KernelMemory.deallocate(xs, byteCount: byteCount)
            KernelMemory.deallocate(ys, byteCount: byteCount)
        }
        let x = xs.bindMemory(to: Float.self, capacity: capacity)
        let y = ys.bindMemory(to: Float.self, capacity: capacity)
        var exact = [Double](repeating: 0, count: capacity)
        var worst = KernelISA.available.map { (set: $0, error: 0.0, at: Float(0)) }

        for first in stride(from: UInt64(0), to: 1 << 32, by: capacity * Int(Self.step)) {
            let count = min(capacity, Int(((1 << 32) - first + Self.step - 1) / Self.step))
            for i in 0..<count {
                x[i] = Float(bitPattern: UInt32(first + UInt64(i) * Self.step))
                exact[i] = operation.doubleFunction(Double(x[i]))
            }
            let arguments = [ys, xs].map { TileArgument(data: $0, strides: [1]) }
            let call = TileCall(kernel: kernel(operation.name, "f32"), shape: [count], arguments: arguments)
            for s in worst.indices {
                call.run(worst[s].set, items: count)
                for i in 0..<count {
                    let error = floatULPs(y[i], from: exact[i])
                    if error > worst[s].error { (worst[s].error, worst[s].at) = (error, x[i]) }
                }
            }
        }
        for (set, error, x) in worst {
            #expect(error <= operation.bounds.float32, "\(set): \(error) ULP at \(x)")
        }
    }

    @Test(arguments: MathOperation.all, KernelISA.available)
    private func otherTypesAreWithinTheStatedError(_ operation: MathOperation, _ set: KernelISA) {
        var random = TestRandom()
        operation.check((0..<1 << 15).map { _ in Double(bitPattern: random.next()) }, set)
        if operation.isOfReals { return }
        operation.check((UInt16.min ... .max).map(HalfElement.init(bits:)), set)
        operation.check((UInt16.min ... .max).map(BrainElement.init(bits:)), set)
    }

    @Test(arguments: MathOperation.all, KernelISA.available)
    private func theNumbersThatMatterAreWithinTheStatedError(_ operation: MathOperation, _ set: KernelISA) {
        operation.check(stride(from: Float(-20), to: 20, by: 0.0037).map { $0 }, set)
        operation.check(stride(from: -40.0, to: 40, by: 0.00237).map { $0 }, set)
        operation.check(stride(from: -745.0, to: 711, by: 0.07).map { $0 }, set)
        operation.check(stride(from: -1.5, to: 1.5, by: 0.00017).map { $0 }, set)
    }

    @Test(arguments: MathOperation.all, KernelISA.available)
    private func anElementDoesNotDependOnItsNeighbours(_ operation: MathOperation, _ set: KernelISA) {
        func check<E: FloatElement>(_: E.Type) {
            var random = TestRandom()
            for layout in PointwiseCase.all {
                layout.check(
                    kernel(operation.name, E.name),
                    set,
                    inputs: 1,
                    untouched: E(nearest: 77),
                    next: { E.draw(&random) },
                    agrees: { $0.ulps(from: operation.function(Wide($1[0].real))) <= operation.bound(E.self) },
                    sameBits: alike
                )
            }
        }
        if operation.isOfReals {
            check(Float.self)
            check(Double.self)
        } else {
            forEachFloat { check($0) }
        }
    }

    @Test(arguments: KernelISA.available)
    func limitsAreExact(_ set: KernelISA) {
        let tiny = Float.leastNonzeroMagnitude
        let expected: [(MathOperation, [(Float, Float)])] = [
            (
                MathOperation.all[0],
                [
                    (0, 1), (-0.0, 1), (.infinity, .infinity), (-.infinity, 0), (.nan, .nan), (89, .infinity),
                    (88.72284, .infinity), (-104, 0), (1e30, .infinity), (-1e30, 0), (tiny, 1), (-103.9, tiny),
                ]
            ),
            (
                MathOperation.all[1],
                [
                    (0, -.infinity), (-0.0, -.infinity), (1, 0), (.infinity, .infinity), (-.infinity, .nan),
                    (-1, .nan), (-tiny, .nan), (.nan, .nan), (tiny, -103.27893),
                ]
            ),
            (
                MathOperation.all[2],
                [
                    (0, 0), (-0.0, -0.0), (.infinity, 1), (-.infinity, -1), (.nan, .nan), (tiny, tiny),
                    (-tiny, -tiny), (50, 1), (-3e38, -1),
                ]
            ),
            (
                MathOperation.all[3],
                [
                    (0, 0.5), (-0.0, 0.5), (.infinity, 1), (-.infinity, 0), (.nan, .nan), (90, 1), (-104, 0),
                ]
            ),
            (
                MathOperation.all[4],
                [
                    (0, 0), (-0.0, -0.0), (.infinity, 1), (-.infinity, -1), (.nan, .nan), (5, 1), (-5, -1),
                ]
            ),
        ]
        for (kernel, pairs) in expected {
            for ((x, y), result) in zip(pairs, kernel.apply(pairs.map(\.0), set)) {
                #expect(same(result, y), "\(kernel.testDescription) of \(x) gave \(result)")
            }
        }
    }
}
