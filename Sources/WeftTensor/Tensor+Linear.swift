import WeftRuntime

extension Tensor {
    /// This matrix, shape [m, k], times the transpose of `weight`, shape [n, k], plus `bias`, shape [n], and `activation`
    /// of that: what a linear layer computes, in one kernel and, but for gelu, one step of the tape.
    ///
    /// The shapes fit, and the dtypes are one, which is floating point.
    package func linear(_ weight: Tensor, _ bias: Tensor?, _ activation: Activation?, at site: CallSite) -> Tensor {
        if isFailed || weight.isFailed || bias?.isFailed == true { return .failed(like: self) }
        precondition(
            weight.dtype == dtype && bias.map { $0.dtype == dtype } ?? true,
            "the dtypes of a linear layer were not made one"
        )
        let rows = MatrixFactor(self)
        let columns = MatrixFactor(weight, transposed: true)
        guard let layout = MatrixProduct.layout(rows, columns) else {
            preconditionFailure("the shapes of a linear layer were not checked")
        }
        guard let activation else {
            return .affine(MatrixProduct.run(rows, columns, layout: layout, bias: bias, at: site), self, weight, bias)
        }
        let isRecorded = recordsGradient || weight.recordsGradient || bias?.recordsGradient == true
        if isRecorded, !activation.isDifferentiatedByResult {
            // The derivative needs what the activation is applied to.
            let sum = MatrixProduct.run(rows, columns, layout: layout, bias: bias, at: site)
            return Tensor.affine(sum, self, weight, bias).applying(activation, file: site.file, line: site.line)
        }
        let result = MatrixProduct.run(rows, columns, layout: layout, bias: bias, activation: activation, at: site)
        return isRecorded ? .activated(result, activation, self, weight, bias) : result
    }

    /// `result` as `input` times the transpose of `weight` plus `bias`, recorded.
    private static func affine(_ result: Tensor, _ input: Tensor, _ weight: Tensor, _ bias: Tensor?) -> Tensor {
        guard let bias else {
            return .recorded("matmul", result, from: input, weight, savingInputs: true) { gradient, step in
                step.giveFactors(of: gradient)
            }
        }
        return .recorded("addmm", result, from: input, weight, bias, savingLast: false) { gradient, step in
            step.giveFactors(of: gradient)
            step.give(2, gradient)
        }
    }

    /// `result` as `activation` of `input` times the transpose of `weight` plus `bias`, recorded under the activation's
    /// name, as if the activation had been a step of its own.
    private static func activated(
        _ result: Tensor,
        _ activation: Activation,
        _ input: Tensor,
        _ weight: Tensor,
        _ bias: Tensor?
    ) -> Tensor {
        var attributes = OperationAttributes()
        attributes.activation = activation
        guard let bias else {
            return .recorded(
                activation.name,
                result,
                from: input,
                weight,
                savingInputs: true,
                saving: result,
                attributes: attributes
            ) { gradient, step in
                step.giveFactors(of: step.attributes.activation!.gradient(gradient, ofResult: step.result))
            }
        }
        return .recorded(
            activation.name,
            result,
            from: input,
            weight,
            bias,
            savingLast: false,
            saving: result,
            attributes: attributes
        ) { gradient, step in
            let gradient = step.attributes.activation!.gradient(gradient, ofResult: step.result)
            step.giveFactors(of: gradient)
            step.give(2, gradient)
        }
    }
}

extension BackwardStep {
    /// Hands a linear layer's input and weight their gradients for the gradient of their product.
    fileprivate func giveFactors(of gradient: Tensor) {
        give(0, MatrixFactor(gradient), MatrixFactor(self[1]))
        give(1, MatrixFactor(gradient, transposed: true), MatrixFactor(self[0]))
    }
}
