import Testing
import WeftNN
import WeftTensor

/// Right values are those that PyTorch 2.13 computes in float64 of the same parameters.
@Suite struct RecurrentTests {
    /// Gives every parameter 0.5 · sin(0, 1, 2, …), counted through all of them.
    private func filled<M: Module>(_ module: M) -> M {
        var count = 0
        for (_, parameter) in module.namedParameters {
            let shape = parameter.value.shape
            let values = (0..<parameter.value.count).map { Self.sine(Double(count + $0)) }
            parameter.value = Tensor(values).to(.float32).reshaped(shape)
            count += values.count
        }
        return module
    }

    /// Good to 1e-9 for the few hundred arguments here.
    private static func sine(_ x: Double) -> Double {
        let y = x.remainder(dividingBy: 2 * Double.pi)
        var (term, sum) = (y, y)
        for k in stride(from: 3, through: 27, by: 2) {
            term *= -y * y / Double(k * (k - 1))
            sum += term
        }
        return 0.5 * sum
    }

    /// cos(0, 1, 2, …) as three steps of two sequences of two features.
    private var x: Tensor {
        Tensor((0..<12).map { 2 * Self.sine(Double($0) + Double.pi / 2) }).to(.float32).reshaped([3, 2, 2])
    }

    @Test func `An RNN gives PyTorch's outputs`() {
        let (output, state) = filled(RNN(2, 2))(x)
        let right = [
            0.421893, 0.196257, -0.191464, -0.502758, 0.088044, -0.5121, 0.692824, 0.057333, 0.051495, -0.540526,
            -0.065032, -0.636974,
        ]
        #expect(areClose(output.array(), right))
        #expect(state.shape == [1, 2, 2] && areClose(state.array(), Array(right[8...])))
    }

    @Test func `A GRU gives PyTorch's outputs, its reset gate behind the product`() {
        let (output, state) = filled(GRU(2, 2))(x)
        let right = [
            0.33641, -0.201662, -0.046874, 0.064029, 0.221977, -0.236567, 0.342065, -0.149927, 0.155296, -0.111588,
            0.199817, -0.152947,
        ]
        #expect(areClose(output.array(), right))
        #expect(areClose(state.array(), Array(right[8...])))
    }

    @Test func `An LSTM with projections gives PyTorch's outputs`() {
        let (output, states) = filled(LSTM(2, 3, projSize: 1))(x)
        #expect(areClose(output.array(), [0.101379, 0.033145, 0.175004, 0.166246, 0.15801, 0.183921]))
        #expect(states.h.shape == [1, 2, 1] && areClose(states.h.array(), [0.15801, 0.183921]))
        let c = [-0.374137, -0.42239, 0.002591, -0.408452, -0.372566, -0.133815]
        #expect(states.c.shape == [1, 2, 3] && areClose(states.c.array(), c))
    }

    @Test func `Sequences of different lengths in both directions give what PyTorch's packed ones do`() {
        let lstm = filled(LSTM(2, 2, bidirectional: true))
        var padded = x
        // What lies behind a sequence's last step does not matter.
        padded[1..., 0] = Tensor(full: [2, 2], Float.nan)
        let input = padded.withRequiresGrad()
        let (output, states) = lstm(input, lengths: [1, 3])
        let right = [
            0.050813, -0.22062, -0.010892, 0.023055, -0.236011, 0.160775, -0.013523, -0.204849, 0, 0, 0, 0, 0.034714,
            -0.192382, 0.014518, -0.035698, 0, 0, 0, 0, -0.303036, 0.014085, 0.034521, -0.221518,
        ]
        #expect(areClose(output.array(), right))
        let h = [0.050813, -0.22062, -0.303036, 0.014085, -0.010892, 0.023055, -0.013523, -0.204849]
        #expect(areClose(states.h.array(), h))
        let c = [0.083591, -0.294316, -0.456252, 0.0262, -0.040455, 0.057294, -0.027839, -0.431989]
        #expect(areClose(states.c.array(), c))
        output.sum().backward()
        #expect(lstm.namedParameters.allSatisfy { $0.parameter.grad!.array().allSatisfy { $0.isFinite } })
        #expect(input.grad![1..., 0].array() == [0, 0, 0, 0])
    }

    @Test func `Parameters have PyTorch's names and shapes`() {
        let lstm = LSTM(3, 4, numLayers: 2, bidirectional: true, projSize: 2)
        let names = lstm.namedParameters.map(\.name)
        let first = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0", "weight_hr_l0"]
        #expect(Array(names.prefix(10)) == first + first.map { $0 + "_reverse" })
        #expect(names.count == 20 && names.last == "weight_hr_l1_reverse")
        let shapes = lstm.stateDict.mapValues(\.shape)
        #expect(shapes["weight_ih_l0"] == [16, 3] && shapes["weight_hh_l0"] == [16, 2])
        #expect(shapes["weight_ih_l1"] == [16, 4] && shapes["weight_hr_l1"] == [2, 4])
        #expect(GRUCell(3, 4).namedParameters.map(\.name) == ["weight_ih", "weight_hh", "bias_ih", "bias_hh"])
    }

    @Test func `A batch first, and a sequence alone, give the same numbers`() {
        let (stepsFirst, batchFirst) = (LSTM(2, 5), LSTM(2, 5, batchFirst: true))
        try? batchFirst.load(stateDict: stepsFirst.stateDict)
        let (output, states) = stepsFirst(x)
        let (turned, others) = batchFirst(x.transposed(0, 1))
        #expect(bits(turned.transposed(0, 1).contiguous()) == bits(output))
        #expect(bits(others.c) == bits(states.c))
        let (alone, one) = stepsFirst(x[0..., 1])
        #expect(alone.shape == [3, 5] && one.h.shape == [1, 5])
        #expect(areClose(alone.array(), output[0..., 1].array(of: Double.self)))
    }

    @Test func `A cell is a layer of one step`() {
        let (lstm, cell) = (LSTM(2, 3), LSTMCell(2, 3))
        for ((_, from), (_, to)) in zip(lstm.namedParameters, cell.namedParameters) { to.value = from.value }
        let (_, states) = lstm(x[0..<1])
        let (h, c) = cell(x[0])
        #expect(bits(h) == bits(states.h[0]) && bits(c) == bits(states.c[0]))
    }

    @Test func `Large layers, which run step by step, agree with cells`() {
        // 4 · 300 · 300 numbers are more than a core's cache is taken to hold.
        let (lstm, cell) = (LSTM(2, 300), LSTMCell(2, 300))
        for ((_, from), (_, to)) in zip(lstm.namedParameters, cell.namedParameters) { to.value = from.value }
        let (output, states) = lstm(x)
        var (h, c) = cell(x[0])
        for step in 1..<3 { (h, c) = cell(x[step], (h, c)) }
        #expect(areClose(states.h[0].array(), h.array(of: Double.self)))
        #expect(areClose(output[2].array(), h.array(of: Double.self)))
        #expect(areClose(states.c[0].array(), c.array(of: Double.self)))
    }

    @Test(arguments: [false, true])
    func `Gradients that are recorded are those that are not`(hasLengths: Bool) {
        func gradients<M: Module>(of module: M, createGraph: Bool, _ output: (M) -> Tensor) -> [Tensor] {
            output(module).square().sum().backward(createGraph: createGraph)
            defer { module.zeroGrad() }
            return module.namedParameters.map { $0.parameter.grad!.detached() }
        }
        func check<M: Module>(_ module: M, _ output: (M) -> Tensor) {
            let plain = gradients(of: module, createGraph: false, output)
            for (a, b) in zip(plain, gradients(of: module, createGraph: true, output)) {
                #expect(areClose(a.array(), b.array(of: Double.self), tolerance: 1e-5))
            }
        }
        let lengths = hasLengths ? [2, 3] : nil
        check(RNN(2, 3, bidirectional: true)) { $0(x, lengths: lengths).output }
        check(RNN(2, 3, nonlinearity: .relu)) { $0(x, lengths: lengths).output }
        check(GRU(2, 3, numLayers: 2, bidirectional: true)) { $0(x, lengths: lengths).state }
        check(LSTM(2, 3, bidirectional: true, projSize: 2)) { $0(x, lengths: lengths).states.c }
    }

    @Test func `Second derivatives are those by differences of first ones`() {
        func check<M: Module>(_ module: M, _ output: (M, Tensor) -> Tensor) {
            module.to(.float64)
            let input = x.to(.float64)
            let recurrent = module.namedParameters.first { $0.name == "weight_hh_l0" }!.parameter
            func slope(_ x: Tensor, createGraph: Bool) -> Tensor {
                grad(of: output(module, x).square().sum(), withRespectTo: [x], createGraph: createGraph)[0]
            }
            let direction = Tensor((0..<12).map { Self.sine(Double(3 * $0)) }).reshaped([3, 2, 2])
            func along(_ x: Tensor) -> Double {
                (slope(x.withRequiresGrad(), createGraph: false) * direction).sum().array(of: Double.self)[0]
            }
            let leaf = input.withRequiresGrad()
            (slope(leaf, createGraph: true) * direction).sum().backward()

            let step = 1e-5
            let byDifferences = (0..<12).map { i in
                let change = Tensor((0..<12).map { $0 == i ? step : 0 }).reshaped([3, 2, 2])
                return (along(input + change) - along(input - change)) / (2 * step)
            }
            func agree(_ a: [Double], _ b: [Double]) -> Bool {
                zip(a, b).allSatisfy { abs($0 - $1) <= 1e-8 * (1 + abs($1)) }
            }
            #expect(agree(leaf.grad!.array(of: Double.self), byDifferences))
            let weights = recurrent.value.detached()
            let ofWeights = (0..<3).map { i in
                func at(_ change: Double) -> Double {
                    var changed = weights
                    changed[i, i % weights.shape[1]] += change
                    recurrent.value = changed
                    return along(input)
                }
                return (at(step) - at(-step)) / (2 * step)
            }
            let found = (0..<3).map { recurrent.grad![$0, $0 % weights.shape[1]].array(of: Double.self)[0] }
            #expect(agree(found, ofWeights))
        }
        check(RNN(2, 3, bidirectional: true)) { $0($1).output }
        check(GRU(2, 3)) { $0($1, lengths: [3, 2]).output }
        check(LSTM(2, 3)) { $0($1).output }
        check(LSTM(2, 3, projSize: 2)) { $0($1).states.c }
    }

    @Test func `NaN stays in its sequence, and empty batches work`() {
        let lstm = LSTM(2, 3)
        var spoilt = x
        spoilt[1, 0, 0] = Float.nan
        let output = lstm(spoilt).output
        #expect(output[0].array().allSatisfy { $0.isFinite } && output[1..., 1].array().allSatisfy { $0.isFinite })
        #expect(output[1..., 0].array().allSatisfy { $0.isNaN })
        let (nothing, states) = lstm(Tensor(zeros: [3, 0, 2]))
        #expect(nothing.shape == [3, 0, 3] && states.h.shape == [1, 0, 3])
        nothing.sum().backward()
        #expect(lstm.namedParameters.allSatisfy { $0.parameter.grad!.array().allSatisfy { $0 == 0 } })
    }

    @Test func `Mistakes are refused by name, with the numbers`() {
        let lstm = LSTM(2, 3, batchFirst: true)
        func message(_ body: () throws -> Void) -> String { refusal(body)?.description ?? "" }
        #expect(message { _ = lstm(Tensor(zeros: [1, 4, 5])) }.contains("[batch, steps, 2]"))
        #expect(message { _ = lstm(Tensor(zeros: [1, 0, 2])) }.contains("[1, 0, 2] has no step"))
        let input = Tensor(zeros: [2, 4, 2])
        let (h, c) = (Tensor(zeros: [1, 2, 3]), Tensor(zeros: [1, 3, 3]))
        #expect(message { _ = lstm(input, (h, c)) }.contains("state c of shape [1, 3, 3]"))
        #expect(message { _ = lstm(input, lengths: [4]) }.contains("1 lengths for a batch of 2"))
        #expect(message { _ = lstm(input, lengths: [4, 0]) }.contains("sequence 1 is 0; it must be from 1 to 4"))
        #expect(message { _ = lstm(input, lengths: [5, 1]) }.contains("sequence 0 is 5"))
        #expect(message { _ = LSTM(2, 3, projSize: 3) }.contains("less than the hidden size, 3"))
        #expect(message { _ = GRU(2, 3, dropout: 1.5) }.contains("GRU"))
        #expect(message { _ = RNN(2, 0) }.contains("hidden size is 0"))
        #expect(message { _ = RNN(2, 3, numLayers: 0) }.contains("number of layers is 0"))
        #expect(message { _ = GRUCell(2, 3)(Tensor(zeros: [4, 3])) }.contains("[batch, 2] or [2]"))
        _ = refusal { #expect(lstm(Tensor(zeros: [1, 4, 5])).output.shape == [1, 4, 3]) }
        _ = GRU(2, 3, dropout: 0.5)
    }
}
