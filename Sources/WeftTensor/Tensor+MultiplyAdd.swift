import WeftRuntime

extension KernelFamily {
    fileprivate static let addcmul = KernelFamily("addcmul")
}

/// `input` + `value` · `a` · `b`, elementwise and in one pass over memory. All three broadcast and are promoted to one
/// dtype.
///
/// - Parameter value: a factor of the product, which turns integers to float32 unless it is 1.
///
/// Refused if the shapes do not match.
public func addcmul(
    _ input: Tensor,
    _ a: Tensor,
    _ b: Tensor,
    value: Double = 1,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    let site = CallSite(file, line)
    if input.isFailed || a.isFailed || b.isFailed { return .failed(like: input) }
    let a = value == 1 ? a : a * value
    guard let product = Layout.broadcast(a.layout, b.layout), let layout = Layout.broadcast(input.layout, product)
    else {
        refuse(
            "addcmul",
            "shapes \(input.shape), \(a.shape) and \(b.shape) do not match: aligned at the last dimension, "
                + "sizes must be equal or 1",
            at: site
        )
        return .failed(like: input)
    }
    let dtype = DType.promoted(input.dtype, DType.promoted(a.dtype, b.dtype))
    guard let handle = KernelFamily.addcmul[dtype] else { return input + a * b }
    let addend = input.converted(to: dtype, at: site)
    let (factor, other) = (a.converted(to: dtype, at: site), b.converted(to: dtype, at: site))
    let result = Tensor.uninitialized(like: layout, dtype: dtype, operation: "addcmul", at: site)
    if addend.isFailed || factor.isFailed || other.isFailed || result.isFailed { return .failed(like: result) }
    _ = Tensor.launchPointwise(
        handle,
        into: result,
        addend,
        factor,
        other,
        cost: PointwiseCost.arithmetic
    )
    return .recorded("addcmul", result, from: input.withoutValues, a, b) { gradient, step in
        step.give(0, gradient)
        step.give(1, gradient * step[2])
        step.give(2, gradient * step[1])
    }
}
