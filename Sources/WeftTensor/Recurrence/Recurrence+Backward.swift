import WeftRuntime

extension Recurrence {
    /// Gives the gradients by the kernel that walks the steps backwards, and by one product over all steps for each
    /// weight.
    func giveFused(_ gradient: Tensor, _ step: BackwardStep) {
        let operands = (0..<operandCount).map { step[$0] }
        let kept = (0..<(cell.keepsMore ? 3 : 2)).map { step[operandCount + $0] }
        guard let found = gradients(operands, result: kept[0], kept: Array(kept.dropFirst()), gradient) else { return }
        if let place = initialHPlace { step.give(place, found.initialH) }
        if let place = initialCPlace, let initialC = found.initialC { step.give(place, initialC) }
        step.give(0, inputGradient(operands, found))

        let isWanted = { (places: [Int?]) in places.contains { $0.map { step[$0].tracking.isTracked } ?? false } }
        let all = 0..<directions
        if isWanted(all.map(inputWeightPlace)) {
            let whole = found.product(found.gates, inputMatrix(operands))
            for direction in all { step.give(inputWeightPlace(direction), part(direction, of: whole)) }
        }
        if isWanted(all.map(inputBiasPlace) + all.map(stateBiasPlace)) {
            let whole = found.gates.sum(axes: [0])
            for direction in all {
                guard let input = inputBiasPlace(direction), let state = stateBiasPlace(direction) else { continue }
                step.give(input, part(direction, of: whole))
                step.give(state, stateBiasGradient(direction, part(direction, of: whole), found))
            }
        }
        for direction in all {
            step.give(stateWeightPlace(direction), stateWeightGradient(direction, operands, kept[0], found))
            guard let place = projectionPlace(direction) else { continue }
            step.give(place, projectionGradient(direction, kept, found))
        }
    }

    /// The rows of `whole` that are a direction's gates.
    private func part(_ direction: Int, of whole: Tensor) -> Tensor {
        directions == 1 ? whole : whole.sliced(axis: 0, start: direction * gates * hidden, count: gates * hidden)
    }

    private func inputGradient(_ operands: [Tensor], _ found: RecurrentGradients) -> Tensor {
        MatrixProduct.run(
            MatrixFactor(found.gates),
            MatrixFactor(inputWeight(operands)),
            layout: Layout(rows: rows, columns: inputs),
            at: nil
        ).reshaped(to: Layout(rowMajor: [steps, batch, inputs]))
    }

    /// The gradient of a bias that is added to the recurrent product: that of the input's, but for a GRU's candidate.
    private func stateBiasGradient(_ direction: Int, _ input: Tensor, _ found: RecurrentGradients) -> Tensor {
        guard let recurrent = found.recurrent else { return input }
        let candidate = recurrent.sliced(axis: 1, start: direction * hidden, count: hidden).sum(axes: [0])
        return concatenated([input.sliced(axis: 0, start: 0, count: 2 * hidden), candidate])
    }

    /// The gradient of W: that of W h over all steps, times the h before each.
    private func stateWeightGradient(
        _ direction: Int,
        _ operands: [Tensor],
        _ result: Tensor,
        _ found: RecurrentGradients
    ) -> Tensor {
        let output = result.view(Layout(rows: rows, columns: directions * outputs))
            .sliced(axis: 1, start: direction * outputs, count: outputs)
        let initial = initialHPlace.map {
            operands[$0].detached().sliced(axis: 0, start: direction, count: 1)
                .reshaped(to: Layout(rows: batch, columns: outputs))
        }
        // Behind a row's last step the output is zero, and so is the gradient: whole matrices do.
        let later = (steps - 1) * batch
        func overSteps(_ gradients: Tensor) -> Tensor {
            let after = gradients.sliced(axis: 0, start: direction == 0 ? batch : 0, count: later)
            let before = output.sliced(axis: 0, start: direction == 0 ? 0 : batch, count: later)
            var sum: Tensor? = found.product(after, before)
            guard let initial else { return sum! }
            let first = firstStep(direction, of: gradients)
            MatrixProduct.add(MatrixFactor(first, transposed: true), MatrixFactor(initial), to: &sum, at: nil)
            return sum!
        }
        let shared = found.recurrent == nil ? gates : gates - 1
        let sum = overSteps(
            found.gates.sliced(axis: 1, start: direction * gates * hidden, count: shared * hidden)
        )
        guard let recurrent = found.recurrent else { return sum }
        return concatenated([sum, overSteps(recurrent.sliced(axis: 1, start: direction * hidden, count: hidden))])
    }

    /// The rows of `gradients` that belong to the step which begins with the initial states.
    private func firstStep(_ direction: Int, of gradients: Tensor) -> Tensor {
        guard direction == 1, let lengths else {
            return gradients.sliced(axis: 0, start: direction == 0 ? 0 : (steps - 1) * batch, count: batch)
        }
        let places = lengths.enumerated().map { row, length in (length - 1) * batch + row }
        return gradients.selecting(Tensor(places), axis: 0)
    }

    /// The gradient of R: that of R m over all steps, times m = o tanh(c).
    private func projectionGradient(_ direction: Int, _ kept: [Tensor], _ found: RecurrentGradients) -> Tensor {
        let exposure = kept[1].sliced(axis: 1, start: (direction * gates + 3) * hidden, count: hidden)
        let squashed = kept[2].sliced(axis: 1, start: direction * hidden, count: hidden).tanh()
        let projected = found.projected!.sliced(axis: 1, start: direction * outputs, count: outputs)
        return found.product(projected, exposure * squashed)
    }
}

/// What the kernel gives that walks the steps backwards; the first three are matrices with a row for each step and row of
/// the batch.
private struct RecurrentGradients {
    /// Of what the inputs add to the gates.
    let gates: Tensor
    /// Of the recurrent sum of a GRU's candidate.
    let recurrent: Tensor?
    /// Of what a projection gave.
    let projected: Tensor?
    let initialH: Tensor
    let initialC: Tensor?

    /// The transpose of `gradients` times `values`: a sum over all rows.
    func product(_ gradients: Tensor, _ values: Tensor) -> Tensor {
        MatrixProduct.run(
            MatrixFactor(gradients, transposed: true),
            MatrixFactor(values),
            layout: Layout(rows: gradients.extent(1), columns: values.extent(1)),
            at: nil
        )
    }
}

extension Recurrence {
    private func gradients(
        _ operands: [Tensor],
        result: Tensor,
        kept: [Tensor],
        _ gradient: Tensor
    ) -> RecurrentGradients? {
        let (plan, incoming) = (plan, gradient.contiguous())
        let found = RecurrentGradients(
            gates: uninitialized([rows, directions * gates * hidden], at: nil),
            recurrent: cell == .gru ? uninitialized([rows, directions * hidden], at: nil) : nil,
            projected: hasProjection ? uninitialized([rows, directions * outputs], at: nil) : nil,
            initialH: uninitialized([directions, batch, outputs], at: nil),
            initialC: cell.hasCellState ? uninitialized([directions, batch, hidden], at: nil) : nil
        )
        guard !incoming.isFailed, !found.gates.isFailed, found.recurrent?.isFailed != true,
            found.projected?.isFailed != true, !found.initialH.isFailed, found.initialC?.isFailed != true,
            let handle = KernelFamily.recurrenceBackward[dtype],
            let weights = packedBackward(operands, plan, at: nil)
        else { return nil }
        let initial = states(operands)
        func sequence(_ start: UnsafeMutableRawPointer) -> RecurrenceTable.Sequence {
            (start, outputs, batch * directions * outputs, directions * outputs)
        }
        let finalH = incoming.start + outputCount * dtype.size
        var table = RecurrenceTable()
        table.setWeights(biases: [], projection: weights.projection.map { ($0.start, $0.count) })
        table.setInitialStates(h: initial.h?.start, c: initial.c?.start)
        table.setOutput(
            sequence(result.start),
            gradient: sequence(incoming.start),
            finalH: finalH,
            finalC: cell.hasCellState ? finalH + hCount * dtype.size : nil
        )
        table.setGradients(
            initialH: found.initialH.start,
            initialC: found.initialC?.start,
            projected: found.projected.map { sequence($0.start) }
        )
        let succeeded = table.withPointer(lengths: lengths) { table in
            var launch = launch(handle, plan)
            launch.append(found.gates, strides: gateStrides)
            launch.append(found.recurrent?.start, strides: keptStrides)
            launch.append(kept[0], strides: gateStrides)
            launch.append(kept.count > 1 ? kept[1].start : nil, strides: keptStrides)
            launch.append(weights.state.start, strides: weightStrides)
            launch.append(table, strides: Extents(repeating: 0))
            return run(&launch, plan, steps: (-1..<steps).reversed(), at: nil)
        }
        withExtendedLifetime((incoming, result, kept, weights, initial, found.initialH, found.initialC)) {}
        withExtendedLifetime(found.projected) {}
        return succeeded ? found : nil
    }
}
