import WeftRuntime

extension Tensor {
    /// The squared differences from `target`, which has the same shape, reduced as `reduction` says; their mean is one
    /// step of the tape. The dtype is that of the difference, whatever the reduction: floating point beside integers
    /// stays as it is, and integers alone are computed as float32.
    package func squaredError(_ target: Tensor, reduction: Reduction, file: StaticString, line: UInt) -> Tensor {
        let site = CallSite(file, line)
        let dtype = MatrixProduct.dtype(self, target)
        let (x, y) = (recastFloatingPoint(dtype, at: site), target.recastFloatingPoint(dtype, at: site))
        switch reduction {
        case .none: return (x - y).square(file: file, line: line)
        case .sum: return (x - y).square(file: file, line: line).sum(file: file, line: line)
        case .mean: break
        }
        let difference = x.detached() - y.detached()
        var attributes = OperationAttributes()
        // The derivative of a squared difference is twice the difference.
        attributes.number = 2 / Double(count)
        let result = difference.square(file: file, line: line).mean(file: file, line: line)
        return .recorded(
            RecordedOperation(.mse),
            result,
            from: [self, target],
            saving: [difference],
            attributes: attributes
        ) {
            gradient,
            step in
            let difference = GradientMode.isEnabled ? step[0] - step[1] : step[2]
            // The factor alone may be too small for 16 bits.
            let slope = difference.widened * (gradient.widened * step.attributes.number)
            step.give(0, slope)
            step.give(1, -slope)
        }
    }
}
