import WeftRuntime

extension KernelFamily {
    fileprivate static let not = KernelFamily("logical_not")
    fileprivate static let and = KernelFamily("logical_and")
    fileprivate static let or = KernelFamily("logical_or")
    fileprivate static let xor = KernelFamily("logical_xor")
}

/// Elementwise logic on masks, which binds as Swift's own operators of these names do, so that `x .> 0 .& x .< 1` needs
/// no parentheses. Operands broadcast; the result is bool.
///
/// Other dtypes than bool are refused: whether `a .& b` of integers means their bits or whether they are not 0 would be a
/// guess. `logicalAnd` and its like take any dtype, and `x .!= 0` makes a mask of it.
extension Tensor {
    /// True where `a` is false.
    public static prefix func .! (a: Tensor) -> Tensor {
        areMasks(".!", a, a) ? unary(.not, a, at: nil) : Tensor(standIn: a.layout, dtype: .bool)
    }

    /// True where both are.
    public static func .& (a: Tensor, b: Tensor) -> Tensor { combined(.and, ".&", a, b) }

    /// True where one is, or both are.
    public static func .| (a: Tensor, b: Tensor) -> Tensor { combined(.or, ".|", a, b) }

    /// True where just one is.
    public static func .^ (a: Tensor, b: Tensor) -> Tensor { combined(.xor, ".^", a, b) }

    private static func combined(_ family: KernelFamily, _ name: StaticString, _ a: Tensor, _ b: Tensor) -> Tensor {
        guard areMasks(name, a, b) else {
            return Tensor(standIn: Layout.broadcast(a.layout, b.layout) ?? a.layout, dtype: .bool)
        }
        return binary(family, a, b, at: nil)
    }

    /// Whether both are masks and none was refused before; refuses other dtypes.
    private static func areMasks(_ name: StaticString, _ a: Tensor, _ b: Tensor) -> Bool {
        if a.isFailed || b.isFailed { return false }
        guard a.dtype == .bool, b.dtype == .bool else {
            let other = a.dtype == .bool ? b.dtype : a.dtype
            refuse(name, "masks are bool, not \(other): compare first, as in `x .!= 0`", at: nil)
            return false
        }
        return true
    }

    /// This tensor with `value`, converted to its dtype, where `mask` is true. Tensor and mask broadcast, which may make
    /// the result larger. Gradients flow to what is kept.
    ///
    /// Refused unless `mask` is bool and the shapes broadcast.
    public func masked<S: TensorScalar>(
        _ mask: Tensor,
        with value: S,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        masked(mask, with: Tensor.scalar(value, dtype: dtype), file: file, line: line)
    }

    /// This tensor with the elements of `value`, converted to its dtype, where `mask` is true. All three broadcast, which
    /// may make the result larger. Gradients flow to what is kept and to what is put in its place.
    ///
    /// Refused unless `mask` is bool and the shapes broadcast.
    public func masked(
        _ mask: Tensor,
        with value: Tensor,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let site = CallSite(file, line)
        let target = Layout.broadcast(mask.layout, value.layout, layout)
        let standIn = Tensor(standIn: target ?? layout, dtype: dtype)
        if isFailed || mask.isFailed || value.isFailed { return standIn }
        guard mask.dtype == .bool else {
            refuse("masked", "a mask must be bool, not \(mask.dtype)", at: site)
            return standIn
        }
        guard target != nil else {
            refuse(
                "masked",
                "a mask of shape \(mask.shape) and values of shape \(value.shape) do not broadcast with shape \(shape)",
                at: site
            )
            return standIn
        }
        return `where`(mask, value.to(dtype, file: file, line: line), self, file: file, line: line)
    }
}

/// The elements of `a` where `condition` is true and the number `b` elsewhere. Both tensors broadcast; the dtype is that
/// of `a`, unless `b` is of a wider kind, as in arithmetic. Refused unless `condition` is bool.
public func `where`<S: TensorScalar>(
    _ condition: Tensor,
    _ a: Tensor,
    _ b: S,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    `where`(condition, a, Tensor.scalar(b, beside: a), file: file, line: line)
}

/// The number `a` where `condition` is true and the elements of `b` elsewhere. Both tensors broadcast; the dtype is that
/// of `b`, unless `a` is of a wider kind, as in arithmetic. Refused unless `condition` is bool.
public func `where`<S: TensorScalar>(
    _ condition: Tensor,
    _ a: S,
    _ b: Tensor,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    `where`(condition, Tensor.scalar(a, beside: b), b, file: file, line: line)
}

/// The number `a` where `condition` is true and `b` elsewhere, of the shape of `condition` and the dtype that the two
/// numbers have together as tensors: float32 for `1.0` and `0`, int64 for `1` and `0`. Refused unless `condition` is
/// bool.
public func `where`<A: TensorScalar, B: TensorScalar>(
    _ condition: Tensor,
    _ a: A,
    _ b: B,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    let dtype = DType.promoted(A.tensorDType, B.tensorDType)
    return `where`(
        condition,
        Tensor.scalar(a, dtype: dtype),
        Tensor.scalar(b, dtype: dtype),
        file: file,
        line: line
    )
}
