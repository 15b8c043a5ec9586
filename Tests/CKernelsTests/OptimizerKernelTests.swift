import CKernels
import Foundation
import Testing

/// The operands of an optimizer, at random.
private struct OptimizerState {
    var parameter: [Float]
    var gradient: [Float]
    var first: [Float]
    var second: [Float]

    init(count: Int) {
        var random = TestRandom()
        func draw() -> [Float] { (0..<count).map { _ in Float.random(in: -2...2, using: &random) } }
        parameter = draw()
        gradient = draw()
        first = draw()
        second = draw().map { $0.magnitude }
    }

    /// The state after a step of `kernel`. `buffers` says how many of the two buffers the kernel has.
    func stepped(
        _ kernel: ck_kernel,
        _ set: KernelISA,
        buffers: Int,
        integers: [Int64],
        numbers: [Double],
        cuts: [Int] = []
    ) -> OptimizerState {
        let operands = [parameter, gradient, first, second].map { TestOperand($0) }
        var arguments = operands.prefix(2 + buffers).map(\.argument)
        if buffers == 0 { arguments.append(TileArgument(data: nil, strides: [0])) }
        TileCall(kernel: kernel, shape: [parameter.count], arguments: arguments, integers: integers, numbers: numbers)
            .run(set, items: parameter.count, cuts: cuts)
        var state = self
        (state.parameter, state.gradient) = (operands[0].values, operands[1].values)
        (state.first, state.second) = (operands[2].values, operands[3].values)
        return state
    }

    static func == (a: OptimizerState, b: OptimizerState) -> Bool {
        a.parameter == b.parameter && a.gradient == b.gradient && a.first == b.first && a.second == b.second
    }
}

private func close(_ a: [Float], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs(Double($0) - $1) <= 1e-6 * max(1, abs($1)) }
}

@Suite struct OptimizerKernelTests {
    static let lengths = [0, 1, 3, 8, 16, 37, 100]

    @Test(arguments: [0, 0.9], KernelISA.available)
    func sgdFollowsItsFormula(_ momentum: Double, _ set: KernelISA) {
        for (count, decay) in Self.lengths.flatMap({ [($0, 0), ($0, 0.25)] }) as [(Int, Double)] {
            for (nesterov, isFirst) in [(0, 0), (0, 1), (1, 0), (1, 1)] as [(Int64, Int64)] {
                let dampening = nesterov == 1 ? 0 : 0.4
                let before = OptimizerState(count: count)
                let after = before.stepped(
                    CK_sgd_f32,
                    set,
                    buffers: momentum == 0 ? 0 : 1,
                    integers: [nesterov, isFirst],
                    numbers: [0.1, momentum, dampening, decay]
                )
                var parameters: [Double] = []
                var buffers: [Double] = []
                for i in 0..<count {
                    let p = Double(before.parameter[i])
                    var g = Double(before.gradient[i]) + decay * p
                    var buffer = Double(before.first[i])
                    if momentum != 0 {
                        buffer = isFirst == 1 ? g : momentum * buffer + (1 - dampening) * g
                        g = nesterov == 1 ? g + momentum * buffer : buffer
                    }
                    buffers.append(buffer)
                    parameters.append(p - 0.1 * g)
                }
                #expect(close(after.parameter, parameters))
                #expect(close(after.first, buffers))
                #expect(after.gradient == before.gradient)
            }
        }
    }

    @Test(arguments: [1, 2, 1000, 1_000_000], KernelISA.available)
    func adamFollowsItsFormula(_ step: Int64, _ set: KernelISA) {
        let (rate, beta1, beta2, epsilon) = (0.01, 0.9, 0.999, 1e-8)
        for (count, decay) in Self.lengths.flatMap({ [($0, 0), ($0, 0.25)] }) as [(Int, Double)] {
            for decoupled in [0, 1] as [Int64] {
                let before = OptimizerState(count: count)
                let after = before.stepped(
                    CK_adam_f32,
                    set,
                    buffers: 2,
                    integers: [step, decoupled],
                    numbers: [rate, beta1, beta2, epsilon, decay]
                )
                var (parameters, firsts, seconds): ([Double], [Double], [Double]) = ([], [], [])
                for i in 0..<count {
                    var p = Double(before.parameter[i])
                    var g = Double(before.gradient[i])
                    if decoupled == 1 { p *= 1 - rate * decay } else { g += decay * p }
                    let m = beta1 * Double(before.first[i]) + (1 - beta1) * g
                    let v = beta2 * Double(before.second[i]) + (1 - beta2) * g * g
                    let size = rate / (1 - pow(beta1, Double(step)))
                    let root = v.squareRoot() / (1 - pow(beta2, Double(step))).squareRoot()
                    firsts.append(m)
                    seconds.append(v)
                    parameters.append(p - size * m / (root + epsilon))
                }
                #expect(close(after.first, firsts))
                #expect(close(after.second, seconds))
                #expect(close(after.parameter, parameters))
                #expect(after.gradient == before.gradient)
            }
        }
    }

    @Test(arguments: KernelISA.available)
    func aStepDoesNotDependOnTheCut(_ set: KernelISA) {
        let before = OptimizerState(count: 100)
        let cuts = [1, 2, 7, 16, 40, 99]
        let sgd = { (cuts: [Int]) in
            before.stepped(CK_sgd_f32, set, buffers: 1, integers: [1, 0], numbers: [0.1, 0.9, 0, 0.1], cuts: cuts)
        }
        #expect(sgd([]) == sgd(cuts))
        let adam = { (cuts: [Int]) in
            before.stepped(
                CK_adam_f32,
                set,
                buffers: 2,
                integers: [3, 1],
                numbers: [0.1, 0.9, 0.99, 1e-8, 0.1],
                cuts: cuts
            )
        }
        #expect(adam([]) == adam(cuts))
    }

    @Test(arguments: KernelISA.available)
    func nanInAGradientReachesTheParameter(_ set: KernelISA) {
        var state = OptimizerState(count: 20)
        state.gradient[7] = .nan
        let sgd = state.stepped(CK_sgd_f32, set, buffers: 1, integers: [0, 0], numbers: [0.1, 0.9, 0, 0])
        #expect(sgd.parameter.indices.filter { sgd.parameter[$0].isNaN } == [7])
        let adam = state.stepped(CK_adam_f32, set, buffers: 2, integers: [1, 0], numbers: [0.1, 0.9, 0.99, 1e-8, 0])
        #expect(adam.parameter.indices.filter { adam.parameter[$0].isNaN } == [7])
    }
}
