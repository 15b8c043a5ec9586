import WeftRuntime

extension KernelFamily {
    fileprivate static let windowMax = KernelFamily("window_max")
    fileprivate static let windowMaxBackward = KernelFamily("window_max_backward")
    fileprivate static let windowPick = KernelFamily("window_pick")
}

/// The greatest elements of windows, and their derivatives.
struct MaxPooling: Sendable {
    /// Of the planes' dimensions.
    let axes: [WindowAxis]
    let operation: StaticString

    init(_ axes: [WindowAxis], _ call: Call) {
        self.axes = axes
        operation = call.operation
    }

    /// The greatest elements, and as int64 if `indices` are wanted their places in their planes.
    func maxima(of x: Tensor, indices wantsIndices: Bool, at site: CallSite?) throws(Refusal) -> (Tensor, Tensor?) {
        let call = Call(operation, at: site)
        let handle = try call.kernel(.windowMax, for: x.dtype)
        let plane = axes.reduce(1) { $0 * $1.input }
        try call.require(plane < 1 << 30, "planes of \(plane) elements in shape \(x.shape) are too large")
        let blocks = PlaneBlocks(x, planeRank: axes.count)
        let input = x.contiguous(blocks.format, at: site)
        let target = WindowMap(axes).target(of: x.layout)
        func fresh(_ dtype: DType) -> Tensor {
            .uninitialized(like: target, blocks.format, dtype: dtype, operation: operation, at: site)
        }
        let result = fresh(x.dtype)
        // Places of 32 bits, in a tensor of as wide elements, unless a user sees them.
        let isWide = wantsIndices || x.dtype == .float64
        let places = wantsIndices || x.recordsGradient ? fresh(isWide ? .int64 : .float32) : nil
        if x.isFailed || result.isFailed || places?.isFailed == true { return (.failed(like: result), places) }
        let axes = WindowAxis.three(axes)
        let table = WindowTable(axes, dtype: x.dtype)
        var launch = Launch(handle, windows: axes, outer: blocks.outer, inner: blocks.inner, cost: 0.3)
        launch.append(outputPlanes: result)
        if let places {
            launch.append(outputPlanes: places)
        } else {
            launch.append(nil, strides: Extents(repeating: 0))
        }
        launch.append(inputPlanes: input)
        launch.append(table)
        launch.setInteger(0, isWide ? 1 : 0)
        launch.scratchByteCount = 2 * Tensor.windowScratch(axes, inner: blocks.inner, x.dtype)
        defer { withExtendedLifetime((input, result, places, table)) {} }
        guard Tensor.run(&launch, operation: operation, at: site) else { throw Refusal() }
        guard let places else { return (result, nil) }
        let maxima = self
        let recorded = Tensor.recorded(
            RecordedOperation(.windowMax, x.dtype, derivative: .windowMaxBackward, named: .maxPool),
            result,
            from: [x],
            savingInputs: false,
            saving: [places]
        ) { gradient, step in
            step.give(0, maxima.returned(gradient, to: step[1]))
        }
        return (recorded, wantsIndices ? places : nil)
    }

    /// The elements of `gradient`, which are like the maxima, at the places that those came from, added up.
    private func returned(_ gradient: Tensor, to places: Tensor) -> Tensor {
        let blocks = PlaneBlocks(places, planeRank: axes.count)
        let gradients = gradient.contiguous(blocks.format, at: nil)
        let back = axes.map(\.unweighted.transposed)
        let target = WindowMap(back).target(of: gradient.layout)
        let result = Tensor.uninitialized(
            like: target,
            blocks.format,
            dtype: gradient.dtype,
            operation: operation,
            at: nil
        )
        guard let handle = KernelFamily.windowMaxBackward[gradient.dtype], !result.isFailed, !gradients.isFailed else {
            return .failed(like: result)
        }
        let axes = WindowAxis.three(back)
        let table = WindowTable(axes, dtype: gradient.dtype)
        var launch = Launch(handle, windows: axes, outer: blocks.outer, inner: blocks.inner, cost: 0.3)
        launch.append(outputPlanes: result)
        launch.append(inputPlanes: gradients)
        launch.append(inputPlanes: places)
        launch.append(table)
        launch.setInteger(0, places.dtype == .int64 ? 1 : 0)
        if blocks.inner == 1 { launch.cutPlanes(axes, outer: blocks.outer, gradient.dtype) }
        defer { withExtendedLifetime((gradients, places, result, table)) {} }
        guard Tensor.run(&launch, operation: operation, at: nil) else { return .failed(like: result) }
        guard gradient.recordsGradient else { return result }
        let maxima = self
        return .recorded(
            RecordedOperation(.windowMaxBackward, gradient.dtype, derivative: .windowPick),
            result,
            from: [gradient],
            savingInputs: false,
            saving: [places]
        ) { gradient, step in
            step.give(0, maxima.picked(gradient, at: step[1]))
        }
    }

    /// The elements of `x`, which is like the input, that lie at `places`.
    private func picked(_ x: Tensor, at places: Tensor) -> Tensor {
        let blocks = PlaneBlocks(places, planeRank: axes.count)
        let input = x.contiguous(blocks.format, at: nil)
        let result = Tensor.uninitialized(
            like: places.layout,
            blocks.format,
            dtype: x.dtype,
            operation: operation,
            at: nil
        )
        guard let handle = KernelFamily.windowPick[x.dtype], !result.isFailed, !input.isFailed else {
            return .failed(like: result)
        }
        var launch = Launch(handle, windows: WindowAxis.three(axes), outer: blocks.outer, inner: blocks.inner)
        launch.append(outputPlanes: result)
        launch.append(inputPlanes: input)
        launch.append(outputPlanes: places)
        launch.setInteger(0, places.dtype == .int64 ? 1 : 0)
        Tensor.runWithoutScratch(&launch)
        withExtendedLifetime((input, places, result)) {}
        guard x.recordsGradient else { return result }
        let maxima = self
        return .recorded(
            RecordedOperation(.windowPick, x.dtype, derivative: .windowMaxBackward),
            result,
            from: [x],
            savingInputs: false,
            saving: [places]
        ) { gradient, step in
            step.give(0, maxima.returned(gradient, to: step[1]))
        }
    }
}

extension Launch {
    /// Makes whole planes the items, or parts of them where there are few: how large depends on the shape alone.
    fileprivate mutating func cutPlanes(_ axes: [WindowAxis], outer: Int, _ dtype: DType) {
        let split = axes.firstIndex { $0.output > 1 } ?? 2
        let parts = outer == 0 ? 1 : Swift.max(1, Swift.min(axes[split].output, 16 / outer))
        let (inputs, outputs) = (axes.reduce(1) { $0 * $1.input }, axes.reduce(1) { $0 * $1.output })
        let length = (axes[split].output + parts - 1) / parts
        let rest = axes[(split + 1)...].reduce(1) { $0 * $1.output }
        items = outputs == 0 ? 0 : outer * parts
        nanosecondsPerItem = Double(outputs + 2 * inputs) / Double(parts)
        setInteger(1, parts)
        setInteger(2, split)
        scratchByteCount = length * rest * Swift.max(dtype.size, 4)
    }
}
