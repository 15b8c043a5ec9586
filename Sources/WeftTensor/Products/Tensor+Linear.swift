import WeftRuntime

extension Tensor {
    /// This matrix, shape [m, k], times the transpose of `weight`, shape [n, k], plus `bias`, shape [n], and `activation`
    /// of that: what a linear layer computes, in one kernel and, but for gelu, one step of the tape.
    ///
    /// The shapes fit, and the dtypes are one, which is floating point.
    package func linear(_ weight: Tensor, _ bias: Tensor?, _ activation: Activation?, at site: CallSite) -> Tensor {
        precondition(
            weight.dtype == dtype && bias.map { $0.dtype == dtype } ?? true,
            "the dtypes of a linear layer were not made one"
        )
        let rows = MatrixFactor(self)
        let columns = MatrixFactor(weight, transposed: true)
        guard let layout = MatrixProduct.layout(rows, columns) else {
            preconditionFailure("the shapes of a linear layer were not checked")
        }
        if isFailed || weight.isFailed || bias?.isFailed == true { return Tensor(standIn: layout, dtype: dtype) }
        let isRecorded = recordsGradient || weight.recordsGradient || bias?.recordsGradient == true
        // The derivative of gelu needs what it is applied to.
        let isFused = !isRecorded || activation?.isDifferentiatedByResult ?? true
        let fused = isFused ? activation : nil
        let result = MatrixProduct.run(rows, columns, layout: layout, bias: bias, activation: fused, at: site)
        let output = isRecorded ? Tensor.recordedLinear(result, from: self, weight, bias, fused) : result
        guard let activation, !isFused else { return output }
        return output.applying(activation, file: site.file, line: site.line)
    }

    /// `result` as `activation` of `input` times the transpose of `weight` plus `bias`, recorded under the name of the
    /// last step.
    private static func recordedLinear(
        _ result: Tensor,
        from input: Tensor,
        _ weight: Tensor,
        _ bias: Tensor?,
        _ activation: Activation?
    ) -> Tensor {
        let attributes = OperationAttributes(activation: activation)
        let family = activation?.family ?? MatrixProduct.family
        let saved = activation == nil ? nil : result
        guard let bias else {
            return .recorded(
                RecordedOperation(family, result.dtype, named: activation == nil ? .matmul : .byKernel),
                result,
                from: input,
                weight,
                savingInputs: true,
                saving: saved,
                attributes: attributes
            ) { gradient, step in
                step.giveFactors(of: step.beforeActivation(gradient))
            }
        }
        return .recorded(
            RecordedOperation(family, result.dtype, named: activation == nil ? .addmm : .byKernel),
            result,
            from: input,
            weight,
            bias,
            savingLast: false,
            saving: saved,
            attributes: attributes
        ) { gradient, step in
            let gradient = step.beforeActivation(gradient)
            step.giveFactors(of: gradient)
            step.give(2, gradient)
        }
    }
}

extension BackwardStep {
    /// The gradient of what an activation was applied to that was computed with the operation, and so told it among its
    /// attributes.
    func beforeActivation(_ gradient: Tensor) -> Tensor {
        guard let activation = attributes.activation else { return gradient }
        return activation.gradient(gradient, result, by: activation.derivative[gradient.dtype])
    }

    /// Hands a linear layer's input and weight their gradients for the gradient of their product.
    fileprivate func giveFactors(of gradient: Tensor) {
        give(0, MatrixFactor(gradient), MatrixFactor(self[1]))
        give(1, MatrixFactor(gradient, transposed: true), MatrixFactor(self[0]))
    }
}
