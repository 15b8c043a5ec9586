import WeftRuntime

extension Recurrence {
    /// What the layer gives, in one dimension, and, if `keeping`, what its derivative needs: the gates, and what else the
    /// cell keeps. Nil, after refusing, if there is no memory for it.
    func forward(
        _ operands: [Tensor],
        keeping: Bool,
        at site: CallSite?
    ) -> (result: Tensor, kept: [Tensor])? {
        let plan = plan
        let result = uninitialized([resultLayout.count], at: site)
        let gates = inputProducts(operands, at: site)
        let kept = keeping && cell.keepsMore ? uninitialized([rows, directions * hidden], at: site) : nil
        guard !result.isFailed, !gates.isFailed, kept?.isFailed != true,
            let handle = gates.kernel(of: .recurrence, at: site),
            let weights = packedForward(operands, plan, at: site)
        else { return nil }
        let initial = states(operands)
        let biases = (0..<directions).compactMap { stateBiasPlace($0).map { operands[$0].contiguous(at: site) } }
        var table = RecurrenceTable()
        table.setWeights(biases: biases.map(\.start), projection: weights.projection.map { ($0.start, $0.count) })
        table.setInitialStates(h: initial.h?.start, c: initial.c?.start)
        if cell.hasCellState { table.setFinalC(result.start + (outputCount + hCount) * dtype.size) }
        let succeeded = table.withPointer(lengths: lengths) { table in
            var launch = launch(handle, plan)
            launch.append(result, strides: outputStrides)
            launch.append(gates, strides: gateStrides)
            launch.append(kept?.start, strides: keptStrides)
            launch.append(weights.state.start, strides: weightStrides)
            launch.append(result, bytesAhead: outputCount * dtype.size, strides: stateStrides)
            launch.append(table, strides: Extents(repeating: 0))
            launch.setInteger(5, keeping ? 1 : 0)
            return run(&launch, plan, steps: Array(0..<steps), at: site)
        }
        withExtendedLifetime((result, gates, kept, weights, initial, biases)) {}
        guard succeeded else { return nil }
        return (result, keeping ? [gates] + (kept.map { [$0] } ?? []) : [])
    }

    /// What the inputs add to the gates of all steps and directions, as a matrix with a row for each step and row of the
    /// batch.
    private func inputProducts(_ operands: [Tensor], at site: CallSite?) -> Tensor {
        let (x, weight) = (inputMatrix(operands), inputWeight(operands))
        let biases = (0..<directions).compactMap { inputBiasPlace($0).map { operands[$0].detached() } }
        return MatrixProduct.run(
            MatrixFactor(x),
            MatrixFactor(weight, transposed: true),
            layout: Layout(rows: rows, columns: directions * gates * hidden),
            bias: biases.isEmpty ? nil : joined(biases),
            at: site
        )
    }

    /// The input of all steps as a matrix.
    func inputMatrix(_ operands: [Tensor]) -> Tensor {
        operands[0].detached().reshaped(to: Layout(rows: rows, columns: inputs))
    }

    /// The input weights of all directions, one below the other.
    func inputWeight(_ operands: [Tensor]) -> Tensor {
        joined((0..<directions).map { operands[inputWeightPlace($0)].detached() })
    }

    private func joined(_ parts: [Tensor]) -> Tensor { parts.count == 1 ? parts[0] : concatenated(parts) }

    /// The initial states, dense.
    func states(_ operands: [Tensor]) -> (h: Tensor?, c: Tensor?) {
        (initialHPlace.map { operands[$0].contiguous() }, initialCPlace.map { operands[$0].contiguous() })
    }

    func uninitialized(_ shape: [Int], at site: CallSite?) -> Tensor {
        .uninitialized(like: Layout(rowMajor: shape), dtype: dtype, operation: KernelFamily.recurrence.name, at: site)
    }

    /// Runs a launch: once, or for each of `steps`.
    func run(_ launch: inout Launch, _ plan: RecurrencePlan, steps: [Int], at site: CallSite?) -> Bool {
        guard plan.isBySteps else { return Tensor.run(&launch, operation: launch.name, at: site) }
        for step in steps {
            launch.setInteger(4, step)
            if !Tensor.run(&launch, operation: launch.name, at: site) { return false }
        }
        return true
    }
}

extension Launch {
    fileprivate var name: StaticString { KernelFamily.recurrence.name }
}

/// Weights packed for the kernels' products: those of the state, and of an LSTM's projection.
struct PackedRecurrentWeights {
    let state: Storage
    /// With the elements of each direction.
    let projection: (start: UnsafeMutableRawPointer, count: Int, storage: Storage)?
}

extension Recurrence {
    /// The weights for W h and R h: each gate's apart, so that a step's columns can be shared out.
    fileprivate func packedForward(
        _ operands: [Tensor],
        _ plan: RecurrencePlan,
        at site: CallSite?
    ) -> PackedRecurrentWeights? {
        let state = Packing(matrices: gates, depth: outputs, columns: hidden, transposes: true)
        return packed(
            operands,
            plan,
            state: state,
            projection: Packing(matrices: 1, depth: hidden, columns: outputs, transposes: true),
            at: site
        )
    }

    /// The weights for the products with their transposes.
    func packedBackward(
        _ operands: [Tensor],
        _ plan: RecurrencePlan,
        at site: CallSite?
    ) -> PackedRecurrentWeights? {
        packed(
            operands,
            plan,
            state: Packing(matrices: 1, depth: gates * hidden, columns: outputs, transposes: false),
            projection: Packing(matrices: 1, depth: outputs, columns: hidden, transposes: false),
            at: site
        )
    }

    /// What `gemm_pack` makes of a weight: matrices that are blocks of its rows, as they lie or transposed.
    private struct Packing {
        let matrices, depth, columns: Int
        let transposes: Bool

        func panels(_ panelColumns: Int) -> Int { (columns + panelColumns - 1) / panelColumns }
        func count(_ panelColumns: Int) -> Int { matrices * depth * panels(panelColumns) * panelColumns }
    }

    private func packed(
        _ operands: [Tensor],
        _ plan: RecurrencePlan,
        state: Packing,
        projection: Packing,
        at site: CallSite?
    ) -> PackedRecurrentWeights? {
        let states = (0..<directions).map { operands[stateWeightPlace($0)] }
        guard let packedState = pack(states, state, plan.panelColumns, at: site) else { return nil }
        guard hasProjection else { return PackedRecurrentWeights(state: packedState, projection: nil) }
        let projections = (0..<directions).map { operands[projectionPlace($0)!] }
        guard let storage = pack(projections, projection, plan.panelColumns, at: site) else { return nil }
        return PackedRecurrentWeights(
            state: packedState,
            projection: (storage.start, projection.count(plan.panelColumns), storage)
        )
    }

    /// The weights of all directions, packed one behind the other.
    private func pack(_ weights: [Tensor], _ packing: Packing, _ panelColumns: Int, at site: CallSite?) -> Storage? {
        // 16-bit elements are packed as float32.
        let byteCount = packing.count(panelColumns) * max(dtype.size, 4)
        let storage: Storage
        do throws(OutOfMemory) {
            storage = try Storage(byteCount: weights.count * byteCount)
        } catch {
            refuse(KernelFamily.recurrence.name, "\(error)", at: site)
            return nil
        }
        for (direction, weight) in weights.enumerated() {
            var launch = Launch(
                MatrixProduct.pack[dtype]!,
                shape: [packing.matrices, packing.depth, packing.columns, 1, 1, 1, 1, 1],
                rank: 3,
                items: packing.matrices * packing.panels(panelColumns),
                nanosecondsPerItem: Double(packing.depth * panelColumns) * PointwiseCost.arithmetic
            )
            let (row, column) = (weight.stride(0), weight.stride(1))
            launch.append(storage.start + direction * byteCount, 0, 0, 0)
            if packing.transposes {
                launch.append(weight.start, packing.columns * row, column, row)
            } else {
                launch.append(weight.start, packing.depth * row, row, column)
            }
            launch.setInteger(0, panelColumns)
            Tensor.runWithoutScratch(&launch)
        }
        withExtendedLifetime(weights) {}
        return storage
    }
}
