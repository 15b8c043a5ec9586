import WeftRuntime

extension KernelFamily {
    static let recurrence = KernelFamily("recurrence")
    static let recurrenceBackward = KernelFamily("recurrence_backward")
}

/// The weights of one direction of a recurrent layer, in PyTorch's order of gates: i f g o, or r z n.
package struct RecurrentWeights: Sendable {
    /// [gates · hidden, inputs] and [gates · hidden, outputs].
    package var input, state: Tensor
    /// [gates · hidden] each; both or neither.
    package var biases: (input: Tensor, state: Tensor)?
    /// [outputs, hidden] of an LSTM with projections.
    package var projection: Tensor?

    package init(input: Tensor, state: Tensor, biases: (input: Tensor, state: Tensor)?, projection: Tensor? = nil) {
        (self.input, self.state, self.biases, self.projection) = (input, state, biases, projection)
    }

    fileprivate var all: [Tensor] {
        [input, state] + (biases.map { [$0.input, $0.state] } ?? []) + (projection.map { [$0] } ?? [])
    }
}

/// A layer's states, [directions, batch, outputs], and c, which an LSTM has, [directions, batch, hidden].
package struct RecurrentStates: Sendable {
    package var h: Tensor
    package var c: Tensor?

    package init(h: Tensor, c: Tensor?) { (self.h, self.c) = (h, c) }
}

/// The time steps of one recurrent layer in one or both directions: its sizes, and the places of its operands on the tape.
struct Recurrence: Sendable {
    let cell: RecurrentCell
    let dtype: DType
    let steps, batch, inputs, hidden, outputs, directions: Int
    /// The number of steps of each row of the batch, if these differ.
    let lengths: [Int]?
    let hasInitialStates, hasBiases, hasProjection: Bool

    var gates: Int { cell.gateCount }
    /// Rows of the matrices of all steps.
    var rows: Int { steps * batch }

    // MARK: - The result, in which all that a layer gives lies one behind the other

    var outputCount: Int { rows * directions * outputs }
    var hCount: Int { directions * batch * outputs }
    var cCount: Int { cell.hasCellState ? directions * batch * hidden : 0 }
    var resultLayout: Layout { Layout(rowMajor: [outputCount + hCount + cCount]) }

    // MARK: - Operands

    private var firstWeight: Int { hasInitialStates ? (cell.hasCellState ? 3 : 2) : 1 }
    private var weightCount: Int { 2 + (hasBiases ? 2 : 0) + (hasProjection ? 1 : 0) }
    var operandCount: Int { firstWeight + directions * weightCount }
    var initialHPlace: Int? { hasInitialStates ? 1 : nil }
    var initialCPlace: Int? { hasInitialStates && cell.hasCellState ? 2 : nil }
    func inputWeightPlace(_ direction: Int) -> Int { firstWeight + direction * weightCount }
    func stateWeightPlace(_ direction: Int) -> Int { inputWeightPlace(direction) + 1 }
    func inputBiasPlace(_ direction: Int) -> Int? { hasBiases ? inputWeightPlace(direction) + 2 : nil }
    func stateBiasPlace(_ direction: Int) -> Int? { hasBiases ? inputWeightPlace(direction) + 3 : nil }
    func projectionPlace(_ direction: Int) -> Int? {
        hasProjection ? inputWeightPlace(direction) + weightCount - 1 : nil
    }

    // MARK: - Strides of what the kernels walk: direction, step, row, gate, hidden, output

    var outputStrides: Extents { [outputs, batch * directions * outputs, directions * outputs, 0, 0, 1, 0, 0] }
    var gateStrides: Extents {
        [gates * hidden, batch * directions * gates * hidden, directions * gates * hidden, hidden, 1, 0, 0, 0]
    }
    var keptStrides: Extents { [hidden, batch * directions * hidden, directions * hidden, 0, 1, 0, 0, 0] }
    var weightStrides: Extents { [1, 0, 0, 1, 1, 1, 0, 0] }
    var stateStrides: Extents { [batch * outputs, 0, outputs, 0, 0, 1, 0, 0] }

    var plan: RecurrencePlan {
        RecurrencePlan(dtype, cell, directions: directions, batch: batch, hidden: hidden, outputs: outputs)
    }

    /// A launch with the plan's numbers, without operands.
    func launch(_ handle: KernelHandle, _ plan: RecurrencePlan) -> Launch {
        let perRow = Double(gates * hidden) * (0.025 * Double(outputs) + 1)
        let work = perRow * Double(directions * batch * (plan.isBySteps ? 1 : steps))
        var launch = Launch(
            handle,
            shape: [directions, steps, batch, gates, hidden, outputs, 1, 1],
            rank: 6,
            items: plan.items,
            nanosecondsPerItem: work / Double(max(plan.items, 1))
        )
        launch.scratchByteCount = plan.scratchByteCount
        launch.setInteger(0, cell.identifier)
        launch.setInteger(1, plan.rows)
        launch.setInteger(2, plan.panelColumns)
        launch.setInteger(3, plan.isBySteps ? 1 : 0)
        return launch
    }
}

extension Tensor {
    /// One layer of a recurrent network over this sequence, [steps, batch, inputs], with as many directions as there are
    /// `weights`: the outputs, [steps, batch, directions · outputs], and the states behind each row's last step.
    ///
    /// The product with the input weights is one for all steps and directions, and so are the gradients of all weights.
    /// Sizes fit, there is a step or more, and floating-point dtypes are one.
    ///
    /// - Parameters:
    ///   - states: those that the layer begins with; nil for zeros.
    ///   - lengths: the number of steps of each row of the batch, from 1 to all; nil for all. Later steps change no
    ///     state, their outputs are zeros, and the second direction begins at each row's last step.
    package func recurrent(
        _ cell: RecurrentCell,
        _ weights: [RecurrentWeights],
        states: RecurrentStates?,
        lengths: [Int]?,
        at site: CallSite
    ) -> (output: Tensor, states: RecurrentStates) {
        let layer = Recurrence(
            cell: cell,
            dtype: dtype,
            steps: extent(0),
            batch: extent(1),
            inputs: extent(2),
            hidden: weights[0].input.extent(0) / cell.gateCount,
            outputs: weights[0].state.extent(1),
            directions: weights.count,
            lengths: lengths,
            hasInitialStates: states != nil,
            hasBiases: weights[0].biases != nil,
            hasProjection: weights[0].projection != nil
        )
        let initial = states.map { [$0.h] + ($0.c.map { [$0] } ?? []) } ?? []
        let result = layer.recorded([self] + initial + weights.flatMap(\.all), at: site)
        func part(_ start: Int, _ shape: [Int]) -> Tensor {
            let layout = Layout(rowMajor: shape)
            if result.isFailed { return Tensor(standIn: layout, dtype: dtype) }
            return result.sliced(axis: 0, start: start, count: layout.count).reshaped(to: layout)
        }
        let (steps, batch, directions) = (layer.steps, layer.batch, layer.directions)
        let output = part(0, [steps, batch, directions * layer.outputs])
        let h = part(layer.outputCount, [directions, batch, layer.outputs])
        let c = cell.hasCellState ? part(layer.outputCount + layer.hCount, [directions, batch, layer.hidden]) : nil
        return (output, RecurrentStates(h: h, c: c))
    }
}

extension Recurrence {
    /// What the layer gives for its operands, in one dimension, recorded as one step of the tape.
    fileprivate func recorded(_ operands: [Tensor], at site: CallSite) -> Tensor {
        if operands.contains(where: \.isFailed) { return Tensor(standIn: resultLayout, dtype: dtype) }
        let isRecorded = operands.contains(where: \.recordsGradient)
        guard let (result, kept) = forward(operands, keeping: isRecorded, at: site) else {
            return Tensor(standIn: resultLayout, dtype: dtype)
        }
        guard isRecorded else { return result }
        let layer = self
        return .recorded(
            RecordedOperation(.recurrence, dtype, derivative: .recurrenceBackward),
            result,
            from: operands,
            saving: [result] + kept
        ) { gradient, step in
            if GradientMode.isEnabled {
                layer.giveComposed(gradient, step)
            } else {
                layer.giveFused(gradient, step)
            }
        }
    }
}
