import WeftRuntime

extension KernelFamily {
    fileprivate static let prelu = KernelFamily("prelu")
    fileprivate static let glu = KernelFamily("glu")
    fileprivate static let gluBackward = KernelFamily("glu_backward")
}

/// Activation functions of two tensors.
extension Tensor {
    /// x where it is positive, else `weight` · x: a rectifier that leaks by learned numbers (He et al., 2015).
    ///
    /// - Parameter weight: one number, or one for each channel, which is axis 1.
    ///
    /// Integers and truth values are computed as float32. Refused where the number of weights or their dtype is wrong.
    public func prelu(_ weight: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let input = floatingPoint(at: CallSite(file, line))
        return Call("prelu", file, line).checked(standIn: layout.rowMajor, input.dtype) { call throws(Refusal) in
            try call.require(
                weight.count == 1 || (rank > 1 && weight.rank == 1 && weight.count == extent(1)),
                "a weight of shape \(weight.shape) does not fit shape \(shape): one number, or one for each channel, is "
                    + "wanted"
            )
            try call.require(
                weight.dtype == input.dtype,
                "the weight is \(weight.dtype) and the input \(input.dtype); they must be of one dtype"
            )
            let isShared = weight.count == 1
            let perChannel = isShared ? [] : [weight.count] + Array(repeating: 1, count: rank - 2)
            return try input.leaking(weight.reshaped(to: Layout(rowMajor: perChannel)), call)
        }
    }

    /// x where it is positive, else x times a number: drawn for each element uniformly between `lower` and `upper` in
    /// training, their mean otherwise (Xu et al., 2015).
    ///
    /// Refused if `lower` is greater than `upper`.
    public func rrelu(
        lower: Double = 1.0 / 8,
        upper: Double = 1.0 / 3,
        training: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let input = floatingPoint(at: CallSite(file, line))
        return Call("rrelu", file, line).checked(standIn: layout.rowMajor, input.dtype) { call throws(Refusal) in
            try call.require(lower <= upper, "the least slope, \(lower), is greater than the greatest, \(upper)")
            guard training, lower < upper else {
                return input.leakyRelu(negativeSlope: (lower + upper) / 2, file: file, line: line)
            }
            let slopes = Tensor(uniform: shape, in: lower..<upper, dtype: input.dtype, file: file, line: line)
            return try input.leaking(slopes, call)
        }
    }

    /// These values where they are positive, else times `weight`, which broadcasts to their shape and has their dtype.
    private func leaking(_ weight: Tensor, _ call: Call) throws(Refusal) -> Tensor {
        let handle = try call.kernel(.prelu, for: dtype)
        let result = Tensor.ternary(handle, self, self, weight, layout: layout.rowMajor, dtype: dtype, call)
        return .recorded(
            RecordedOperation(.prelu, dtype, derivative: .prelu),
            result,
            from: self,
            weight,
            savingInputs: true
        ) { gradient, step in
            let (x, weight) = (step[0], step[1])
            if let kernel = step.derivative, !GradientMode.isEnabled {
                let call = Call("backward", at: nil)
                step.give(
                    0,
                    .ternary(kernel, gradient, x, weight, layout: x.layout.rowMajor, dtype: x.dtype, call)
                )
            } else {
                step.give(0, `where`(x .> 0, gradient, gradient * weight))
            }
            step.give(1, `where`(x .> 0, 0.0, gradient * x))
        }
    }

    /// The first half along `axis` times the logistic function of the second (Dauphin et al., 2017).
    ///
    /// Integers and truth values are computed as float32. Refused unless the axis has an even size.
    public func glu(axis: Int = -1, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let input = floatingPoint(at: CallSite(file, line))
        return Call("glu", file, line).checked(standIn: halved(along: axis), input.dtype) { call throws(Refusal) in
            try call.require(rank > 0, "a scalar has no halves")
            let axis = try call.axis(axis, of: self)
            let size = extent(axis)
            try call.require(size % 2 == 0, "axis \(axis) of shape \(shape) has an odd size, which has no halves")
            let value = input.sliced(axis: axis, start: 0, count: size / 2)
            let gate = input.sliced(axis: axis, start: size / 2, count: size / 2)
            return try value.gated(by: gate, call)
        }
    }

    /// The layout with half as many elements along `axis`, or along the last where there is no such axis.
    private func halved(along axis: Int) -> Layout {
        var sizes = shape
        let positive = axis < 0 ? axis + rank : axis
        if rank > 0 { sizes[sizes.indices.contains(positive) ? positive : rank - 1] /= 2 }
        return Layout(rowMajor: sizes)
    }

    private func gated(by gate: Tensor, _ call: Call) throws(Refusal) -> Tensor {
        let family = KernelFamily.glu
        let handle = try call.kernel(family, for: dtype)
        let result = Tensor.uninitialized(like: layout.rowMajor, dtype: dtype, call)
        Tensor.launchPointwise(handle, into: result, self, gate, nil, cost: PointwiseCost.transcendental)
        return .recorded(
            RecordedOperation(family, dtype, derivative: .gluBackward),
            result,
            from: self,
            gate,
            savingInputs: true
        ) { gradient, step in
            let (value, gate) = (step[0], step[1])
            if let kernel = step.derivative, let forward = KernelFamily.glu[value.dtype], !GradientMode.isEnabled {
                let call = Call("backward", at: nil)
                // By the value the derivative is the function of the gradient itself.
                step.give(0, .derivative(forward, gradient, gate, cost: PointwiseCost.transcendental))
                step.give(
                    1,
                    .ternary(kernel, gradient, value, gate, layout: value.layout.rowMajor, dtype: value.dtype, call)
                )
            } else {
                let open = gate.sigmoid()
                step.give(0, gradient * open)
                step.give(1, gradient * value * open * (1 - open))
            }
        }
    }

    /// exp(-x) / Σ exp(-x) along `axis`: the softmax of the negated values.
    public func softmin(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        (-self).softmax(axis: axis, file: file, line: line)
    }
}
