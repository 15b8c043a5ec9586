import WeftRuntime

extension Tensor {
    /// The squared differences from `target`, reduced as `reduction` says; their mean is one
    /// step of the tape. The dtype is that of the difference, whatever the reduction: floating point beside integers
    /// stays as it is, and integers alone are computed as float32. Refused unless `target` has the same shape.
    package func squaredError(_ target: Tensor, reduction: Reduction, file: StaticString, line: UInt) -> Tensor {
        let dtype = MatrixProduct.dtype(self, target)
        let standIn = reduction == .none ? layout.rowMajor : Layout()
        return Call("mse", file, line).checked(standIn: standIn, dtype) { call throws(Refusal) in
            try call.require(
                hasSameShape(as: target),
                "the prediction has shape \(shape) and the target \(target.shape)"
            )
            let (x, y) = (recastFloatingPoint(dtype, at: call.site), target.recastFloatingPoint(dtype, at: call.site))
            switch reduction {
            case .none: return (x - y).square(file: file, line: line)
            case .sum: return (x - y).square(file: file, line: line).sum(file: file, line: line)
            case .mean: return meanSquaredError(x, y, target, file: file, line: line)
            }
        }
    }

    /// The mean as one step of the tape; `x` and `y` are this tensor and the target, in one dtype.
    private func meanSquaredError(
        _ x: Tensor,
        _ y: Tensor,
        _ target: Tensor,
        file: StaticString,
        line: UInt
    ) -> Tensor {
        let difference = x.detached() - y.detached()
        // The derivative of a squared difference is twice the difference.
        let attributes = OperationAttributes(number: 2 / Double(count))
        let result = difference.square(file: file, line: line).mean(file: file, line: line)
        return .recorded(
            RecordedOperation(.mse),
            result,
            from: [self, target],
            saving: [difference],
            attributes: attributes
        ) { gradient, step in
            let difference = GradientMode.isEnabled ? step[0] - step[1] : step[2]
            // The factor alone may be too small for 16 bits.
            let slope = difference.widened * (gradient.widened * step.attributes.number)
            step.give(0, slope)
            step.give(1, -slope)
        }
    }
}
