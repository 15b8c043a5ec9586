import WeftRuntime

extension Tensor {
    /// This matrix, shape [m, k], times the transpose of `weight`, shape [n, k], plus `bias`, shape [n]: what a linear
    /// layer computes, in one kernel and one step of the tape.
    ///
    /// The shapes fit, and the dtypes are floating point.
    package func linear(_ weight: Tensor, _ bias: Tensor?, at site: CallSite) -> Tensor {
        if isFailed || weight.isFailed || bias?.isFailed == true { return .failed(like: self) }
        var transposed = weight.layout
        transposed.setDimension(0, size: weight.size(1), stride: weight.stride(1))
        transposed.setDimension(1, size: weight.size(0), stride: weight.stride(0))
        var layout = Layout()
        layout.append(size: size(0), stride: 0)
        layout.append(size: weight.size(0), stride: 0)
        let result = MatrixProduct.run(self, weight.view(transposed), layout: layout, bias: bias, at: site)
        guard let bias else {
            return .recorded("matmul", result, from: self, weight, savingInputs: true) { gradient, step in
                step.give(0, matmul(gradient, step[1]))
                step.give(1, matmul(gradient.T, step[0]))
            }
        }
        return .recorded("addmm", result, from: self, weight, bias.withoutValues) { gradient, step in
            step.give(0, matmul(gradient, step[1]))
            step.give(1, matmul(gradient.T, step[0]))
            step.give(2, gradient)
        }
    }
}
