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
    let a = value == 1 ? a : a * value
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
