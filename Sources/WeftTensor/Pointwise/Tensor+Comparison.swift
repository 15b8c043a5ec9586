import WeftRuntime

extension KernelFamily {
    fileprivate static let eq = KernelFamily("eq")
    fileprivate static let ne = KernelFamily("ne")
    fileprivate static let lt = KernelFamily("lt")
    fileprivate static let le = KernelFamily("le")
    fileprivate static let gt = KernelFamily("gt")
    fileprivate static let ge = KernelFamily("ge")
    fileprivate static let logicalNot = KernelFamily("logical_not")
    fileprivate static let logicalAnd = KernelFamily("logical_and")
    fileprivate static let logicalOr = KernelFamily("logical_or")
    fileprivate static let logicalXor = KernelFamily("logical_xor")
    fileprivate static let choose = KernelFamily("where")
}

infix operator .== : ComparisonPrecedence
infix operator .!= : ComparisonPrecedence
infix operator .< : ComparisonPrecedence
infix operator .<= : ComparisonPrecedence
infix operator .> : ComparisonPrecedence
infix operator .>= : ComparisonPrecedence

/// Elementwise comparison, with promotion and broadcasting as in arithmetic. The result is bool; comparisons
/// with NaN are false, but for `.!=`.
extension Tensor {
    public static func .== (a: Tensor, b: Tensor) -> Tensor { compared(.eq, a, b) }
    public static func .!= (a: Tensor, b: Tensor) -> Tensor { compared(.ne, a, b) }
    public static func .< (a: Tensor, b: Tensor) -> Tensor { compared(.lt, a, b) }
    public static func .<= (a: Tensor, b: Tensor) -> Tensor { compared(.le, a, b) }
    public static func .> (a: Tensor, b: Tensor) -> Tensor { compared(.gt, a, b) }
    public static func .>= (a: Tensor, b: Tensor) -> Tensor { compared(.ge, a, b) }

    public static func .== <S: TensorScalar>(a: Tensor, b: S) -> Tensor { a .== scalar(b, beside: a) }
    public static func .!= <S: TensorScalar>(a: Tensor, b: S) -> Tensor { a .!= scalar(b, beside: a) }
    public static func .< <S: TensorScalar>(a: Tensor, b: S) -> Tensor { a .< scalar(b, beside: a) }
    public static func .<= <S: TensorScalar>(a: Tensor, b: S) -> Tensor { a .<= scalar(b, beside: a) }
    public static func .> <S: TensorScalar>(a: Tensor, b: S) -> Tensor { a .> scalar(b, beside: a) }
    public static func .>= <S: TensorScalar>(a: Tensor, b: S) -> Tensor { a .>= scalar(b, beside: a) }

    private static func compared(_ family: KernelFamily, _ a: Tensor, _ b: Tensor) -> Tensor {
        // Truth values compare as the integers 0 and 1.
        guard a.dtype == .bool, b.dtype == .bool else { return binary(family, a, b, resultDType: .bool, at: nil) }
        return binary(
            family,
            a.converted(to: .int64, at: nil),
            b.converted(to: .int64, at: nil),
            resultDType: .bool,
            at: nil
        )
    }
}

/// Elementwise logic on bool tensors; other dtypes count as whether they are not 0.
extension Tensor {
    public func logicalNot(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        .unary(.logicalNot, converted(to: .bool, at: CallSite(file, line)), at: CallSite(file, line))
    }

    public func logicalAnd(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        logic(.logicalAnd, other, at: CallSite(file, line))
    }

    public func logicalOr(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        logic(.logicalOr, other, at: CallSite(file, line))
    }

    public func logicalXor(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        logic(.logicalXor, other, at: CallSite(file, line))
    }

    private func logic(_ family: KernelFamily, _ other: Tensor, at site: CallSite) -> Tensor {
        .binary(family, converted(to: .bool, at: site), other.converted(to: .bool, at: site), at: site)
    }
}

/// The elements of `a` where `condition` is true and of `b` elsewhere. All three broadcast; `a` and `b` are
/// promoted to one dtype. Refused unless `condition` is bool.
public func `where`(
    _ condition: Tensor,
    _ a: Tensor,
    _ b: Tensor,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    let dtype = DType.promoted(a.dtype, b.dtype)
    let nearest = Layout.nearestBroadcast(condition.layout, .nearestBroadcast(a.layout, b.layout))
    return Call("where", file, line).checked(standIn: nearest, dtype) { call throws(Refusal) in
        try call.require(condition.dtype == .bool, "the condition must be bool, not \(condition.dtype)")
        let layout = try call.broadcast(condition, a, b)
        let handle = try call.kernel(.choose, for: dtype)
        let (x, y) = (a.converted(to: dtype, at: call.site), b.converted(to: dtype, at: call.site))
        let result = Tensor.ternary(handle, condition, x, y, layout: layout, dtype: dtype, call)
        return .recorded(RecordedOperation(handle), result, from: a, b, saving: condition) { gradient, step in
            step.give(0, `where`(step[2], gradient, Tensor.scalar(0.0, beside: gradient)))
            step.give(1, `where`(step[2], Tensor.scalar(0.0, beside: gradient), gradient))
        }
    }
}
