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
        rowwise(.softmax, derivative: .softmaxBackward, axis, Call("softmax", file, line)) { gradient, step in
            step.giveRows(gradient) { gradient, y, axis in y * (gradient - (gradient * y).sumAlong(axis)) }
        }
    }

    /// The logarithm of `softmax`, accurate also where that is nearly 0.
    public func logSoftmax(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        rowwise(.logSoftmax, derivative: .logSoftmaxBackward, axis, Call("log_softmax", file, line)) { gradient, step in
            step.giveRows(gradient) { gradient, y, axis in gradient - y.exp() * gradient.sumAlong(axis) }
        }
    }

    fileprivate func sumAlong(_ axis: Int) -> Tensor { rank == 0 ? self : sum(axis: axis, keepDims: true) }

    /// What a kernel makes of each row along `axis`, recorded.
    ///
    /// - Parameter derivative: the kernel that makes the gradient of the result's gradient and the result.
    private func rowwise(
        _ family: KernelFamily,
        derivative: KernelFamily,
        _ axis: Int,
        _ call: Call,
        rule: @escaping DerivativeRule
    ) -> Tensor {
        let input = floatingPoint(at: call.site)
        return call.checked(standIn: layout, input.dtype) { call throws(Refusal) in
            let axis = try call.axis(axis, of: self)
            let handle = try call.kernel(family, for: input.dtype)
            return .recorded(
                RecordedOperation(family, input.dtype, derivative: derivative),
                input.rowwise(handle, nil, axis: axis, call),
                from: input,
                savingResult: true,
                attributes: OperationAttributes(axis: axis),
                rule: rule
            )
        }
    }

    /// Runs a kernel whose items are rows along `axis`, over this tensor and perhaps another of its shape.
    fileprivate func rowwise(_ handle: KernelHandle, _ other: Tensor?, axis: Int, _ call: Call) -> Tensor {
        let result = Tensor.uninitialized(like: layout, dtype: dtype, operation: call.operation, at: call.site)
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

extension BackwardStep {
    /// Hands the input its gradient: by the derivative's kernel, or in differentiable operations if that is recorded.
    fileprivate func giveRows(
        _ gradient: Tensor,
        composed: (_ gradient: Tensor, _ result: Tensor, _ axis: Int) -> Tensor
    ) {
        let (y, axis) = (result, attributes.axis)
        if let derivative, !GradientMode.isEnabled {
            give(0, gradient.rowwise(derivative, y, axis: axis, Call("backward", at: nil)))
        } else {
            give(0, composed(gradient, y, axis))
        }
    }
}
