import WeftRuntime

/// What the derivative rule of a pointwise operation reads besides the gradient.
enum Kept {
    case nothing
    case inputs
    case result
}

/// The families of pointwise operations: a kernel's result, recorded. An operation says by which kernel, what its rule
/// reads and what the rule is.
extension Tensor {
    /// What the kernel of one input computes, recorded.
    ///
    /// - Parameter derivative: the kernel that takes the gradient and what is kept, where there is one.
    @inline(__always)
    static func pointwise(
        _ family: KernelFamily,
        _ a: Tensor,
        keeping kept: Kept = .nothing,
        derivative: KernelFamily? = nil,
        cost: Double = PointwiseCost.arithmetic,
        attributes: OperationAttributes = OperationAttributes(),
        at site: CallSite?,
        rule: @escaping DerivativeRule
    ) -> Tensor {
        let result = unary(family, a, cost: cost, at: site)
        guard a.recordsGradient, !result.isFailed else { return result }
        return .recorded(
            RecordedOperation(family, a.dtype, derivative: derivative),
            result,
            from: a,
            savingInput: kept == .inputs,
            savingResult: kept == .result,
            readsOperands: kept == .inputs,
            attributes: attributes,
            rule: rule
        )
    }

    /// What the kernel of two inputs computes, which are promoted to one dtype and broadcast, recorded.
    @inline(__always)
    static func pointwise(
        _ family: KernelFamily,
        _ a: Tensor,
        _ b: Tensor,
        keeping kept: Kept = .nothing,
        at site: CallSite? = nil,
        rule: @escaping DerivativeRule
    ) -> Tensor {
        let result = binary(family, a, b, at: site)
        guard a.tracking.isTracked || b.tracking.isTracked, !result.isFailed else { return result }
        return .recorded(
            RecordedOperation(family, result.dtype),
            result,
            from: a,
            b,
            savingInputs: kept == .inputs,
            readsOperands: kept == .inputs,
            rule: rule
        )
    }

    /// A function of floating-point numbers that takes a polynomial's worth of arithmetic; integers and truth values
    /// are computed as float32.
    func transcendental(
        _ family: KernelFamily,
        keeping kept: Kept,
        at site: CallSite,
        rule: @escaping DerivativeRule
    ) -> Tensor {
        let cost = PointwiseCost.transcendental
        return .pointwise(family, floatingPoint(at: site), keeping: kept, cost: cost, at: site, rule: rule)
    }

    /// What the kernel `handle` of two inputs makes of a gradient and a tensor of its shape and dtype; not recorded.
    static func derivative(_ handle: KernelHandle, _ gradient: Tensor, _ kept: Tensor, cost: Double) -> Tensor {
        // A gradient that is one number repeated lies in no order.
        let pattern = gradient.isContiguous || gradient.format != nil ? gradient : kept
        let output = uninitialized(like: pattern, dtype: gradient.dtype, operation: "backward", at: nil)
        if !output.isFailed { launchPointwise(handle, into: output, gradient, kept, nil, cost: cost) }
        return output
    }
}
