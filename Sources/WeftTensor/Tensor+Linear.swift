import WeftRuntime

extension Tensor {
    /// This matrix, shape [m, k], times the transpose of `weight`, shape [n, k], plus `bias`, shape [n]: what a linear
    /// layer computes, in one kernel and one step of the tape.
    ///
    /// The shapes fit, and the dtypes are one, which is floating point.
    package func linear(_ weight: Tensor, _ bias: Tensor?, at site: CallSite) -> Tensor {
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
        let result = MatrixProduct.run(rows, columns, layout: layout, bias: bias, at: site)
        guard let bias else {
            return .recorded("matmul", result, from: self, weight, savingInputs: true) { gradient, step in
                step.give(0, MatrixFactor(gradient), MatrixFactor(step[1]))
                step.give(1, MatrixFactor(gradient, transposed: true), MatrixFactor(step[0]))
            }
        }
        return .recorded("addmm", result, from: self, weight, bias, savingLast: false) { gradient, step in
            step.give(0, MatrixFactor(gradient), MatrixFactor(step[1]))
            step.give(1, MatrixFactor(gradient, transposed: true), MatrixFactor(step[0]))
            step.give(2, gradient)
        }
    }
}
