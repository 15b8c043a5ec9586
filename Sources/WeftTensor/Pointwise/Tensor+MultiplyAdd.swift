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
    let dtype = DType.promoted(input.dtype, DType.promoted(a.dtype, b.dtype))
    let result: Tensor?
    if let handle = KernelFamily.addcmul[dtype] {
        result = .ternary(
            handle,
            input.converted(to: dtype, at: site),
            a.converted(to: dtype, at: site),
            b.converted(to: dtype, at: site),
            dtype: dtype,
            operation: "addcmul",
            at: site
        )
    } else if Layout.broadcast(input.layout, a.layout, b.layout) != nil {
        return input + a * b
    } else {
        result = nil
    }
    guard let result else {
        refuse(
            "addcmul",
            "shapes \(input.shape), \(a.shape) and \(b.shape) do not match: aligned at the last dimension, "
                + "sizes must be equal or 1",
            at: site
        )
        return .failed(like: input)
    }
    return .recorded("addcmul", result, from: input, a, b, savingFirst: false) { gradient, step in
        step.give(0, gradient)
        step.give(1, gradient * step[2])
        step.give(2, gradient * step[1])
    }
}
