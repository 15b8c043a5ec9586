import WeftRuntime

extension Recurrence {
    /// Gives the gradients as operations that can be differentiated again: those of the same steps, composed of simple
    /// operations.
    func giveComposed(_ gradient: Tensor, _ step: BackwardStep) {
        // The same operands as results of operations that are newer than all that led to them: the inner pass ends there.
        let operands = (0..<operandCount).map { step[$0].expanded(to: step[$0].layout) }
        let tracked = operands.indices.filter { operands[$0].tracking.isTracked }
        let gradients = grad(
            of: composed(operands),
            withRespectTo: tracked.map { operands[$0] },
            gradient: gradient,
            createGraph: true,
            allowUnused: true
        )
        for (place, gradient) in zip(tracked, gradients) { step.give(place, gradient) }
    }

    /// What the layer gives, in one dimension, of simple operations.
    private func composed(_ operands: [Tensor]) -> Tensor {
        var outputs = [[Tensor]](repeating: [], count: steps)
        var finals: (h: [Tensor], c: [Tensor]) = ([], [])
        for direction in 0..<directions {
            let fromInputs = fromInputs(direction, operands)
            var h = initial(initialHPlace, direction, operands, self.outputs)
            var c = initial(initialCPlace, direction, operands, hidden)
            for step in 0..<steps {
                let time = direction == 0 ? step : steps - 1 - step
                let fromInput = fromInputs.sliced(axis: 0, start: time, count: 1).removingAxis(0)
                let (newH, newC) = next(direction, operands, fromInput, h, c)
                if let active = active(at: time) {
                    (h, c) = (`where`(active, newH, h), `where`(active, newC, c))
                    outputs[time].append(`where`(active, newH, 0))
                } else {
                    (h, c) = (newH, newC)
                    outputs[time].append(h)
                }
            }
            finals.h.append(h)
            finals.c.append(c)
        }
        let parts = [stacked(outputs.map { concatenated($0, axis: 1) }), stacked(finals.h)]
            + (cell.hasCellState ? [stacked(finals.c)] : [])
        return concatenated(parts.map { $0.flattened() })
    }

    /// What the inputs add to the gates: [steps, batch, gates · hidden].
    private func fromInputs(_ direction: Int, _ operands: [Tensor]) -> Tensor {
        let x = operands[0].reshaped(to: Layout(rows: rows, columns: inputs))
        let product = matmul(x, operands[inputWeightPlace(direction)].T)
        let sum = inputBiasPlace(direction).map { product + operands[$0] } ?? product
        return sum.reshaped(to: Layout(rowMajor: [steps, batch, gates * hidden]))
    }

    private func initial(_ place: Int?, _ direction: Int, _ operands: [Tensor], _ width: Int) -> Tensor {
        guard let place else { return .filled(Layout(rows: batch, columns: width), 0.0, dtype: dtype, at: nil) }
        return operands[place].sliced(axis: 0, start: direction, count: 1).removingAxis(0)
    }

    /// Which rows of the batch have a step at `time`, [batch, 1]; nil if all have.
    private func active(at time: Int) -> Tensor? {
        lengths.map { Tensor($0.map { time < $0 }).reshaped(to: Layout(rows: batch, columns: 1)) }
    }

    /// The states after a step.
    private func next(
        _ direction: Int,
        _ operands: [Tensor],
        _ fromInput: Tensor,
        _ h: Tensor,
        _ c: Tensor
    ) -> (h: Tensor, c: Tensor) {
        let product = matmul(h, operands[stateWeightPlace(direction)].T)
        let fromState = stateBiasPlace(direction).map { product + operands[$0] } ?? product
        func gate(_ sums: Tensor, _ number: Int) -> Tensor {
            sums.sliced(axis: 1, start: number * hidden, count: hidden)
        }
        switch cell {
        case .tanh: return ((fromInput + fromState).tanh(), c)
        case .relu: return ((fromInput + fromState).relu(), c)
        case .lstm:
            let sums = fromInput + fromState
            let kept = gate(sums, 1).sigmoid() * c
            let newC = kept + gate(sums, 0).sigmoid() * gate(sums, 2).tanh()
            let output = gate(sums, 3).sigmoid() * newC.tanh()
            return (projectionPlace(direction).map { matmul(output, operands[$0].T) } ?? output, newC)
        case .gru:
            let reset = (gate(fromInput, 0) + gate(fromState, 0)).sigmoid()
            let update = (gate(fromInput, 1) + gate(fromState, 1)).sigmoid()
            let candidate = (gate(fromInput, 2) + reset * gate(fromState, 2)).tanh()
            return (candidate + update * (h - candidate), c)
        }
    }
}
