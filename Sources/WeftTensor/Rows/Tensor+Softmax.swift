import WeftRuntime

extension KernelFamily {
    fileprivate static let softmax = KernelFamily("softmax")
    fileprivate static let softmaxBackward = KernelFamily("softmax_backward")
    fileprivate static let logSoftmax = KernelFamily("log_softmax")
    fileprivate static let logSoftmaxBackward = KernelFamily("log_softmax_backward")
}

extension Tensor {
    /// exp(x) / Σ exp(x) along `axis`: what sums to 1. Of float32 or float64, integers as float32; computed
    /// relative to the largest element, so it does not overflow.
    public func softmax(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        normalized(.softmax, axis: axis, at: CallSite(file, line)) { gradient, step in
            guard GradientMode.isEnabled else {
                return step.give(0, gradient.rowwise(.softmaxBackward, step.result, axis: step.attributes.axis))
            }
            let y = step.result
            let axis = step.attributes.axis
            step.give(0, y * (gradient - (gradient * y).sumAlong(axis)))
        }
    }

    /// The logarithm of `softmax`, accurate also where that is nearly 0.
    public func logSoftmax(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        normalized(.logSoftmax, axis: axis, at: CallSite(file, line)) { gradient, step in
            guard GradientMode.isEnabled else {
                return step.give(0, gradient.rowwise(.logSoftmaxBackward, step.result, axis: step.attributes.axis))
            }
            step.give(0, gradient - step.result.exp() * gradient.sumAlong(step.attributes.axis))
        }
    }

    private func sumAlong(_ axis: Int) -> Tensor { rank == 0 ? self : sum(axis: axis, keepDims: true) }

    private func normalized(
        _ family: KernelFamily,
        axis: Int,
        at site: CallSite,
        rule: @escaping DerivativeRule
    ) -> Tensor {
        guard let axis = layout.checkedAxis(axis, operation: family.name, at: site) else {
            return .failed(like: self)
        }
        let input = floatingPoint(at: site)
        if input.isFailed { return input }
        var attributes = OperationAttributes()
        attributes.axis = axis
        return .recorded(
            family.name,
            input.rowwise(family, nil, axis: axis, at: site),
            from: input,
            savingResult: true,
            attributes: attributes,
            rule: rule
        )
    }

    /// Runs a kernel whose items are rows along `axis`, over this tensor and perhaps another of its shape.
    private func rowwise(_ family: KernelFamily, _ other: Tensor?, axis: Int, at site: CallSite? = nil) -> Tensor {
        let result = Tensor.uninitialized(
            like: layout,
            dtype: dtype,
            operation: family.name,
            at: site
        )
        guard let handle = kernel(of: family, at: site) else { return .failed(like: result) }
        guard !result.isFailed, count > 0 else { return result }
        let layouts: InlineArray<3, Layout> = [result.layout, layout, (other ?? self).layout]
        var space = IterationSpace<3>()
        for outer in 0..<rank where outer != axis {
            space.append(size: layout.sizes[outer]) { layouts[$0].strides[outer] }
        }
        // The kernels take the last dimension for the row, also where it has one element.
        let outerRank = space.startGroup()
        let length = rank == 0 ? 1 : layout.sizes[axis]
        space.append(size: length) { layouts[$0].strides[axis] }
        if space.rank == outerRank { space.appendUnit() }
        var launch = Launch(
            handle,
            shape: space.sizes,
            rank: space.rank,
            items: count / length,
            nanosecondsPerItem: Double(length) * PointwiseCost.transcendental
        )
        launch.append(result, strides: space.strides[0])
        launch.append(self, strides: space.strides[1])
        if let other { launch.append(other, strides: space.strides[2]) }
        launch.streamBeyondCaches(byteCount: count * dtype.size * (other == nil ? 2 : 3))
        Tensor.runWithoutScratch(&launch)
        withExtendedLifetime((self, other, result)) {}
        return result
    }
}
