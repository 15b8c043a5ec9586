import CKernels
import Foundation
import Testing

/// A transcendental kernel, its function in double precision, and the error it promises.
private struct MathKernel: Sendable, CustomTestStringConvertible {
    let kernel: ck_kernel
    let bound: Double
    let function: @Sendable (Double) -> Double

    var testDescription: String { String(cString: ck_kernel_name(kernel)) }

    static let all: [MathKernel] = [
        MathKernel(kernel: CK_exp_f32, bound: 1.1) { exp($0) },
        MathKernel(kernel: CK_log_f32, bound: 0.9) { log($0) },
        MathKernel(kernel: CK_tanh_f32, bound: 1.5) { tanh($0) },
        MathKernel(kernel: CK_sigmoid_f32, bound: 2.5) { $0 < 0 ? exp($0) / (1 + exp($0)) : 1 / (1 + exp(-$0)) },
        MathKernel(kernel: CK_erf_f32, bound: 1.3) { erf($0) },
    ]

    func apply(_ xs: [Float], _ set: KernelISA) -> [Float] {
        let x = TestOperand(xs)
        let output = TestOperand([xs.count]) { Float(77) }
        TileCall(kernel: kernel, shape: [xs.count], arguments: [output.argument, x.argument])
            .run(set, items: xs.count)
        return output.values
    }
}

@Suite struct MathKernelTests {
    @Test(arguments: MathKernel.all, KernelISA.available)
    private func everyFloatIsWithinTheStatedError(_ kernel: MathKernel, _ set: KernelISA) {
        // A prime step through all bit patterns, negative numbers, denormals and NaN among them.
        let xs = stride(from: UInt64(0), to: 1 << 32, by: 131_071).map { Float(bitPattern: UInt32($0)) }
        var worst = (error: 0.0, at: Float(0))
        for (x, y) in zip(xs, kernel.apply(xs, set)) {
            let error = ulps(y, from: kernel.function(Double(x)))
            if error > worst.error { worst = (error, x) }
        }
        #expect(worst.error <= kernel.bound, "\(worst.error) ULP at \(worst.at)")
    }

    @Test(arguments: MathKernel.all, KernelISA.available)
    private func theNumbersThatMatterAreWithinTheStatedError(_ kernel: MathKernel, _ set: KernelISA) {
        let xs = stride(from: Float(-20), to: 20, by: 0.0037).map { $0 }
        for (x, y) in zip(xs, kernel.apply(xs, set)) {
            let error = ulps(y, from: kernel.function(Double(x)))
            #expect(error <= kernel.bound, "\(error) ULP at \(x)")
        }
    }

    @Test(arguments: MathKernel.all, KernelISA.available)
    private func anElementDoesNotDependOnItsNeighbours(_ kernel: MathKernel, _ set: KernelISA) {
        var random = TestRandom()
        for layout in PointwiseCase.all {
            layout.check(
                kernel.kernel,
                set,
                inputs: 1,
                untouched: Float(77),
                next: { random.float() },
                agrees: { ulps($0, from: kernel.function(Double($1[0]))) <= kernel.bound },
                sameBits: same
            )
        }
    }

    @Test(arguments: KernelISA.available)
    func limitsAreExact(_ set: KernelISA) {
        let tiny = Float.leastNonzeroMagnitude
        let expected: [(MathKernel, [(Float, Float)])] = [
            (
                MathKernel.all[0],
                [
                    (0, 1), (-0.0, 1), (.infinity, .infinity), (-.infinity, 0), (.nan, .nan), (89, .infinity),
                    (88.72284, .infinity), (-104, 0), (1e30, .infinity), (-1e30, 0), (tiny, 1), (-103.9, tiny),
                ]
            ),
            (
                MathKernel.all[1],
                [
                    (0, -.infinity), (-0.0, -.infinity), (1, 0), (.infinity, .infinity), (-.infinity, .nan),
                    (-1, .nan), (-tiny, .nan), (.nan, .nan), (tiny, -103.27893),
                ]
            ),
            (
                MathKernel.all[2],
                [
                    (0, 0), (-0.0, -0.0), (.infinity, 1), (-.infinity, -1), (.nan, .nan), (tiny, tiny),
                    (-tiny, -tiny), (50, 1), (-3e38, -1),
                ]
            ),
            (
                MathKernel.all[3],
                [
                    (0, 0.5), (-0.0, 0.5), (.infinity, 1), (-.infinity, 0), (.nan, .nan), (90, 1), (-104, 0),
                ]
            ),
            (
                MathKernel.all[4],
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
