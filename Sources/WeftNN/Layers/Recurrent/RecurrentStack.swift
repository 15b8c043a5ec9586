import WeftRuntime
import WeftTensor

/// The layers of a recurrent network, one above the other, in one or both directions: what `RNN`, `LSTM` and `GRU` share.
struct RecurrentStack: Sendable {
    /// The module's name, for refusals.
    let name: StaticString
    let cell: RecurrentCell
    let inputSize, hiddenSize, numLayers, projSize: Int
    let hasBias, batchFirst, isBidirectional: Bool
    let dropout: Dropout
    /// By layer and direction.
    private let weights: [[RecurrentParameters]]

    var directions: Int { isBidirectional ? 2 : 1 }
    /// The width of h.
    var outputSize: Int { projSize > 0 ? projSize : hiddenSize }

    /// Refused, with numbers in the place of wrong ones, as the modules say.
    init(
        _ name: StaticString,
        _ cell: RecurrentCell,
        _ inputSize: Int,
        _ hiddenSize: Int,
        numLayers: Int,
        bias: Bool,
        batchFirst: Bool,
        dropout: Double,
        bidirectional: Bool,
        projSize: Int = 0,
        at site: CallSite
    ) {
        func check(_ condition: Bool, _ message: @autoclosure () -> String) {
            if !condition { refuse(name, message(), at: site) }
        }
        check(inputSize >= 0, "the input size is \(inputSize); it cannot be negative")
        check(hiddenSize > 0, "the hidden size is \(hiddenSize); it must be at least 1")
        check(numLayers > 0, "the number of layers is \(numLayers); it must be at least 1")
        check((0...1).contains(dropout), "the dropout is \(dropout); it must be from 0 to 1")
        check(
            projSize >= 0 && (projSize == 0 || projSize < hiddenSize),
            "the projection's size is \(projSize); it must be from 1 to less than the hidden size, \(hiddenSize), or 0 for "
                + "none"
        )
        let (inputSize, hiddenSize) = (max(inputSize, 0), max(hiddenSize, 1))
        let projSize = (0..<hiddenSize).contains(projSize) ? projSize : 0
        self.name = name
        self.cell = cell
        (self.inputSize, self.hiddenSize, self.numLayers) = (inputSize, hiddenSize, max(numLayers, 1))
        (self.projSize, hasBias, self.batchFirst, isBidirectional) = (projSize, bias, batchFirst, bidirectional)
        self.dropout = Dropout((0...1).contains(dropout) ? dropout : 0)
        let (outputSize, directions) = (projSize > 0 ? projSize : hiddenSize, bidirectional ? 2 : 1)
        weights = refusing(as: name, at: site) {
            (0..<max(numLayers, 1)).map { layer in
                (0..<directions).map { _ in
                    RecurrentParameters(
                        cell,
                        layer == 0 ? inputSize : directions * outputSize,
                        hiddenSize,
                        bias: bias,
                        projSize: projSize
                    )
                }
            }
        }
    }

    /// The parameters under PyTorch's names.
    var named: [(name: String, parameter: Parameter)] {
        weights.enumerated().flatMap { layer, directions in
            directions.enumerated().flatMap { direction, weights in
                weights.named(suffix: "_l\(layer)\(direction == 1 ? "_reverse" : "")")
            }
        }
    }

    /// The outputs and final states; see the modules.
    func callAsFunction(
        _ input: Tensor,
        _ states: RecurrentStates?,
        lengths: [Int]?,
        at site: CallSite
    ) -> (output: Tensor, states: RecurrentStates) {
        do throws(Refusal) {
            let call = Call(name, at: site)
            try check(input, states, lengths, call)
            return outputs(for: input, states, lengths: lengths, at: site)
        } catch {
            return standIns(for: input, dtype: dtype(for: input))
        }
    }

    private func outputs(
        for input: Tensor,
        _ initial: RecurrentStates?,
        lengths: [Int]?,
        at site: CallSite
    ) -> (output: Tensor, states: RecurrentStates) {
        let isBatched = input.rank == 3
        let dtype = dtype(for: input)
        if input.isFailed || initial?.h.isFailed == true || initial?.c?.isFailed == true {
            return standIns(for: input, dtype: dtype)
        }
        func stepsFirst(_ x: Tensor) -> Tensor { isBatched && batchFirst ? x.transposed(0, 1) : x }
        var x = (isBatched ? stepsFirst(input) : input.unsqueezed(axis: 1)).to(dtype)
        // What lies behind a row's last step must not matter, not even to a gradient, and not even if it is NaN.
        if let lengths { x = `where`(Self.mask(lengths, steps: x.size(0)), x, 0) }
        func prepared(_ state: Tensor) -> Tensor { (isBatched ? state : state.unsqueezed(axis: 1)).to(dtype) }
        let initial = initial.map { RecurrentStates(h: prepared($0.h), c: $0.c.map(prepared)) }
        var finals: [RecurrentStates] = []
        for (layer, weights) in weights.enumerated() {
            if layer > 0 { x = dropout(x, file: site.file, line: site.line) }
            let own = layer * directions..<(layer + 1) * directions
            let states = initial.map { RecurrentStates(h: part(own, of: $0.h), c: $0.c.map { part(own, of: $0) }) }
            let result = x.recurrent(
                cell,
                weights.map { $0.values(dtype) },
                states: states,
                lengths: lengths,
                at: site
            )
            x = result.output
            finals.append(result.states)
        }
        func joined(_ states: [Tensor]) -> Tensor {
            let all = states.count == 1 ? states[0] : concatenated(states)
            return isBatched ? all : all.squeezed(axis: 1)
        }
        return (
            isBatched ? stepsFirst(x) : x.squeezed(axis: 1),
            RecurrentStates(h: joined(finals.map(\.h)), c: cell.hasCellState ? joined(finals.map { $0.c! }) : nil)
        )
    }

    /// Some of the states of all layers and directions.
    private func part(_ own: Range<Int>, of states: Tensor) -> Tensor { numLayers == 1 ? states : states[own] }

    /// Which steps there are, [steps, batch, 1].
    private static func mask(_ lengths: [Int], steps: Int) -> Tensor {
        Tensor(arange: 0..<steps).reshaped([steps, 1, 1]) .< Tensor(lengths).reshaped([1, lengths.count, 1])
    }
}

// MARK: - What is refused, and what stands for it

extension RecurrentStack {
    /// float64 for a float64 input, and otherwise that of the weights; of two 16-bit types float32.
    private func dtype(for input: Tensor) -> DType {
        DType.promoted(input.dtype, weights[0][0].dtype)
    }

    /// The states' shapes for an input.
    private func shapes(for input: Tensor) -> (h: [Int], c: [Int]) {
        let batch = input.rank == 3 ? [input.size(batchFirst ? 0 : 1)] : []
        let layers = [numLayers * directions] + batch
        return (layers + [outputSize], layers + [hiddenSize])
    }

    private func check(
        _ input: Tensor,
        _ states: RecurrentStates?,
        _ lengths: [Int]?,
        _ call: Call
    ) throws(Refusal) {
        let batched = batchFirst ? "[batch, steps, \(inputSize)]" : "[steps, batch, \(inputSize)]"
        try call.require(
            (input.rank == 2 || input.rank == 3) && input.size(-1) == inputSize,
            "the input has shape \(input.shape); \(batched) or [steps, \(inputSize)] is wanted"
        )
        let steps = input.size(input.rank == 3 && batchFirst ? 1 : 0)
        try call.require(steps > 0, "the input of shape \(input.shape) has no step")
        let wanted = shapes(for: input)
        for (name, state, shape) in [("h", states?.h, wanted.h), ("c", states?.c, wanted.c)] {
            guard let state else { continue }
            try call.require(
                state.shape == shape && state.dtype.isFloatingPoint,
                "a \(state.dtype) state \(name) of shape \(state.shape) does not fit an input of shape \(input.shape): "
                    + "floating-point numbers of shape \(shape) are wanted"
            )
        }
        guard let lengths else { return }
        try call.require(input.rank == 3, "lengths are those of a batch; the input has shape \(input.shape)")
        let batch = input.size(batchFirst ? 0 : 1)
        try call.require(
            lengths.count == batch,
            "there are \(lengths.count) lengths for a batch of \(batch)"
        )
        if let row = lengths.firstIndex(where: { !(1...steps).contains($0) }) {
            throw call.refusal("the length of sequence \(row) is \(lengths[row]); it must be from 1 to \(steps)")
        }
    }

    private func standIns(for input: Tensor, dtype: DType) -> (output: Tensor, states: RecurrentStates) {
        let (h, c) = shapes(for: input)
        func standIn(_ shape: [Int]) -> Tensor { Tensor(standIn: Layout(nearest: shape), dtype: dtype) }
        let output = standIn(input.shape.dropLast() + [directions * outputSize])
        return (output, RecurrentStates(h: standIn(h), c: cell.hasCellState ? standIn(c) : nil))
    }
}
