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

    /// A function that has kernels for what is computed with, float32 and float64, or for float64 alone. Other elements are
    /// converted, and the result is rounded to their dtype, once; integers and truth values are computed as float32.
    func function(
        _ family: KernelFamily,
        keeping kept: Kept = .inputs,
        at site: CallSite,
        rule: @escaping DerivativeRule
    ) -> Tensor {
        let input = floatingPoint(at: site)
        let wide = family.computedDType(for: input.dtype)
        let cost = PointwiseCost.transcendental
        let result = Tensor.unary(family, input.converted(to: wide, at: site), cost: cost, at: site)
            .converted(to: input.dtype, at: site)
        guard input.recordsGradient, !result.isFailed else { return result }
        return .recorded(
            RecordedOperation(family, wide),
            result,
            from: input,
            savingInput: kept == .inputs,
            savingResult: kept == .result,
            readsOperands: kept == .inputs,
            rule: rule
        )
    }

    /// As above, of two tensors, which are promoted to one dtype and broadcast.
    func function(
        _ family: KernelFamily,
        _ other: Tensor,
        at site: CallSite,
        rule: @escaping DerivativeRule
    ) -> Tensor {
        let promoted = DType.promoted(dtype, other.dtype)
        let dtype = promoted.isFloatingPoint ? promoted : .float32
        let wide = family.computedDType(for: dtype)
        let (a, b) = (floatingPoint(at: site), other.floatingPoint(at: site))
        let result = Tensor.binary(
            family,
            a.converted(to: wide, at: site),
            b.converted(to: wide, at: site),
            cost: PointwiseCost.transcendental,
            at: site
        )
        .converted(to: dtype, at: site)
        return .recorded(RecordedOperation(family, wide), result, from: a, b, savingInputs: true, rule: rule)
    }

    /// A function whose derivative is 0 wherever it has one.
    func stepFunction(_ family: KernelFamily, at site: CallSite) -> Tensor {
        function(family, keeping: .nothing, at: site) { gradient, step in
            step.give(0, Tensor.filled(gradient.layout.rowMajor, 0.0, dtype: gradient.dtype, at: nil))
        }
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

extension KernelFamily {
    /// The narrowest dtype that holds what `dtype` does and that there is a kernel for: its own, float32 or float64.
    fileprivate func computedDType(for dtype: DType) -> DType {
        self[dtype] != nil ? dtype : dtype.isHalf && self[.float32] != nil ? .float32 : .float64
    }
}
