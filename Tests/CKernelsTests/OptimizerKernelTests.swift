import CKernels
import Foundation
import Testing

/// The operands of an optimizer, at random.
private struct OptimizerState<E: FloatElement> {
    var parameter: [E]
    var gradient: [E]
    var first: [E]
    var second: [E]

    init(count: Int) {
        var random = TestRandom()
        func draw() -> [E] { (0..<count).map { _ in E(nearest: .random(in: -2...2, using: &random)) } }
        parameter = draw()
        gradient = draw()
        first = draw()
        second = draw().map { E(nearest: $0.double.magnitude) }
    }

    /// The state after a step of `kernel`, over parameters of the sizes in `parts`, which are one by default. The
    /// number of the step is that of the first; each later part has taken one more.
    func stepped(
        _ kernel: ck_kernel,
        _ set: KernelISA,
        buffers: Int,
        step: Int64,
        flag: Int64,
        numbers: [Double],
        parts: [Int]? = nil,
        cuts: [Int] = []
    ) -> OptimizerState {
        let operands = [parameter, gradient, first, second].map { TestOperand($0) }
        var rows: [ck_parameter] = []
        var begin = 0
        for (part, count) in (parts ?? [parameter.count]).enumerated() {
            let starts = operands.map { UnsafeMutableRawPointer($0.base + begin) }
            rows.append(
                ck_parameter(
                    first_item: Int64(begin),
                    step: step + Int64(part),
                    values: starts[0],
                    gradient: UnsafeRawPointer(starts[1]),
                    memories: (buffers > 0 ? starts[2] : nil, buffers > 1 ? starts[3] : nil)
                )
            )
            begin += count
        }
        TileCall(
            kernel: kernel,
            shape: [parameter.count],
            arguments: [TestOperand(rows).argument],
            integers: [Int64(rows.count), flag],
            numbers: numbers
        ).run(set, items: parameter.count, cuts: cuts)
        return withExtendedLifetime(operands) {
            var state = self
            (state.parameter, state.gradient) = (operands[0].values, operands[1].values)
            (state.first, state.second) = (operands[2].values, operands[3].values)
            return state
        }
    }

    /// The elements `range` alone.
    func cut(_ range: Range<Int>) -> OptimizerState {
        var state = self
        (state.parameter, state.gradient) = (Array(parameter[range]), Array(gradient[range]))
        (state.first, state.second) = (Array(first[range]), Array(second[range]))
        return state
    }

    static func == (a: OptimizerState, b: OptimizerState) -> Bool {
        a.parameter == b.parameter && a.gradient == b.gradient && a.first == b.first && a.second == b.second
    }
}

private func close<E: FloatElement>(_ a: [E], _ b: [Double]) -> Bool {
    let tolerance = E.self == Double.self ? 1e-14 : 1e-6
    return a.count == b.count && zip(a, b).allSatisfy { abs($0.double - $1) <= tolerance * max(1, abs($1)) }
}

@Suite struct OptimizerKernelTests {
    static let lengths = [0, 1, 3, 8, 16, 37, 100]

    @Test(arguments: [0, 0.9], KernelISA.available)
    func sgdFollowsItsFormula(_ momentum: Double, _ set: KernelISA) {
        sgdFollowsItsFormula(Float.self, momentum, set)
        sgdFollowsItsFormula(Double.self, momentum, set)
    }

    private func sgdFollowsItsFormula<E: FloatElement>(_: E.Type, _ momentum: Double, _ set: KernelISA) {
        for (count, decay) in Self.lengths.flatMap({ [($0, 0), ($0, 0.25)] }) as [(Int, Double)] {
            for (nesterov, isFirst) in [(0, 0), (0, 1), (1, 0), (1, 1)] as [(Int64, Int64)] {
                let dampening = nesterov == 1 ? 0 : 0.4
                let before = OptimizerState<E>(count: count)
                let after = before.stepped(
                    kernel("sgd", E.name),
                    set,
                    buffers: momentum == 0 ? 0 : 1,
                    step: isFirst == 1 ? 1 : 2,
                    flag: nesterov,
                    numbers: [0.1, momentum, dampening, decay]
                )
                var parameters: [Double] = []
                var buffers: [Double] = []
                for i in 0..<count {
                    let p = before.parameter[i].double
                    var g = before.gradient[i].double + decay * p
                    var buffer = before.first[i].double
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
        adamFollowsItsFormula(Float.self, step, set)
        adamFollowsItsFormula(Double.self, step, set)
    }

    private func adamFollowsItsFormula<E: FloatElement>(_: E.Type, _ step: Int64, _ set: KernelISA) {
        let (rate, beta1, beta2, epsilon) = (0.01, 0.9, 0.999, 1e-8)
        for (count, decay) in Self.lengths.flatMap({ [($0, 0), ($0, 0.25)] }) as [(Int, Double)] {
            for decoupled in [0, 1] as [Int64] {
                let before = OptimizerState<E>(count: count)
                let after = before.stepped(
                    kernel("adam", E.name),
                    set,
                    buffers: 2,
                    step: step,
                    flag: decoupled,
                    numbers: [rate, beta1, beta2, epsilon, decay]
                )
                var (parameters, firsts, seconds): ([Double], [Double], [Double]) = ([], [], [])
                for i in 0..<count {
                    var p = before.parameter[i].double
                    var g = before.gradient[i].double
                    if decoupled == 1 { p *= 1 - rate * decay } else { g += decay * p }
                    let m = beta1 * before.first[i].double + (1 - beta1) * g
                    let v = beta2 * before.second[i].double + (1 - beta2) * g * g
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
        let before = OptimizerState<Float>(count: 100)
        let cuts = [1, 2, 7, 16, 40, 99]
        let sgd = { (cuts: [Int]) in
            before.stepped(
                CK_sgd_f32,
                set,
                buffers: 1,
                step: 2,
                flag: 1,
                numbers: [0.1, 0.9, 0, 0.1],
                cuts: cuts
            )
        }
        #expect(sgd([]) == sgd(cuts))
        let adam = { (cuts: [Int]) in
            before.stepped(
                CK_adam_f32,
                set,
                buffers: 2,
                step: 3,
                flag: 1,
                numbers: [0.1, 0.9, 0.99, 1e-8, 0.1],
                cuts: cuts
            )
        }
        #expect(adam([]) == adam(cuts))
    }

    @Test(arguments: KernelISA.available)
    func manyParametersStepAsEachAlone(_ set: KernelISA) {
        let parts = [0, 5, 0, 0, 33, 1, 16, 0, 45, 0]
        let before = OptimizerState<Float>(count: 100)
        for (kernel, buffers, numbers) in [
            (CK_sgd_f32, 0, [0.1, 0, 0, 0.1]), (CK_sgd_f32, 1, [0.1, 0.9, 0.5, 0.1]),
            (CK_adam_f32, 2, [0.1, 0.9, 0.99, 1e-8, 0.1]),
        ] as [(ck_kernel, Int, [Double])] {
            for cuts in [[], [1, 2, 4, 5, 6, 38, 39, 54, 55, 99], [40], [100]] {
                let together = before.stepped(
                    kernel,
                    set,
                    buffers: buffers,
                    step: 1,
                    flag: 0,
                    numbers: numbers,
                    parts: parts,
                    cuts: cuts
                )
                var begin = 0
                for (part, count) in parts.enumerated() {
                    let range = begin..<begin + count
                    let alone = before.cut(range).stepped(
                        kernel,
                        set,
                        buffers: buffers,
                        step: 1 + Int64(part),
                        flag: 0,
                        numbers: numbers
                    )
                    #expect(together.cut(range) == alone)
                    begin += count
                }
            }
        }
    }

    @Test(arguments: KernelISA.available)
    func nanInAGradientReachesTheParameter(_ set: KernelISA) {
        var state = OptimizerState<Float>(count: 20)
        state.gradient[7] = .nan
        let sgd = state.stepped(CK_sgd_f32, set, buffers: 1, step: 2, flag: 0, numbers: [0.1, 0.9, 0, 0])
        #expect(sgd.parameter.indices.filter { sgd.parameter[$0].isNaN } == [7])
        let adam = state.stepped(
            CK_adam_f32,
            set,
            buffers: 2,
            step: 1,
            flag: 0,
            numbers: [0.1, 0.9, 0.99, 1e-8, 0]
        )
        #expect(adam.parameter.indices.filter { adam.parameter[$0].isNaN } == [7])
    }
}
