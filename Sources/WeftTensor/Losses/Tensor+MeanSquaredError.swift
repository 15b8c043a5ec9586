import WeftRuntime

extension Tensor {
    /// The mean of the squared differences from `target`, which has the same shape: a scalar, and one step of the tape.
    package func meanSquaredError(_ target: Tensor, file: StaticString, line: UInt) -> Tensor {
        let site = CallSite(file, line)
        let (x, y) = (floatingPoint(at: site).detached(), target.floatingPoint(at: site).detached())
        let difference = x - y
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
