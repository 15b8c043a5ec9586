import WeftRuntime

extension KernelFamily {
    fileprivate static let addcmul = KernelFamily("addcmul")
}

/// `input` + `value` · `a` · `b`, elementwise and in one pass over memory. All three broadcast and are promoted to one
/// dtype.
///
/// - Parameter value: a factor of the product, as which a fraction turns integers to float32.
///
/// Refused if the shapes do not match.
public func addcmul<S: TensorScalar>(
    _ input: Tensor,
    _ a: Tensor,
    _ b: Tensor,
    value: S,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    let a = value.doubleValue == 1 ? a : a * value
    let dtype = DType.promoted(input.dtype, DType.promoted(a.dtype, b.dtype))
    let nearest = Layout.nearestBroadcast(input.layout, .nearestBroadcast(a.layout, b.layout))
    return Call("addcmul", file, line).checked(standIn: nearest, dtype) { call throws(Refusal) in
        let layout = try call.broadcast(input, a, b)
        guard let handle = KernelFamily.addcmul[dtype] else { return input + a * b }
        let (x, p, q) = (
            input.converted(to: dtype, at: call.site), a.converted(to: dtype, at: call.site),
            b.converted(to: dtype, at: call.site)
        )
        let result = Tensor.ternary(handle, x, p, q, layout: layout, dtype: dtype, call)
        return .recorded(RecordedOperation(handle), result, from: input, a, b, savingFirst: false) { gradient, step in
            step.give(0, gradient)
            step.give(1, gradient * step[2])
            step.give(2, gradient * step[1])
        }
    }
}

/// `input` + `a` · `b`, as above.
public func addcmul(
    _ input: Tensor,
    _ a: Tensor,
    _ b: Tensor,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    addcmul(input, a, b, value: 1, file: file, line: line)
}

/// `input` + `value` · `a` / `b`, elementwise. All three broadcast and are promoted to one dtype.
///
/// Refused if the shapes do not match, or `a` and `b` are both integers, whose quotients are fractions.
public func addcdiv(
    _ input: Tensor,
    _ a: Tensor,
    _ b: Tensor,
    value: Double = 1,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    let nearest = Layout.nearestBroadcast(input.layout, .nearestBroadcast(a.layout, b.layout))
    return Call("addcdiv", file, line).checked(standIn: nearest, input.dtype) { call throws(Refusal) in
        _ = try call.broadcast(input, a, b)
        try call.require(
            a.dtype.isFloatingPoint || b.dtype.isFloatingPoint,
            "the quotient is of \(a.dtype) and \(b.dtype); convert one to a floating-point dtype first"
        )
        return input + (value == 1 ? a / b : a * value / b)
    }
}
