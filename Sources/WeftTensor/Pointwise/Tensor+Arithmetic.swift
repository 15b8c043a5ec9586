import WeftRuntime

extension KernelFamily {
    static let add = KernelFamily("add")
    static let sub = KernelFamily("sub")
    static let mul = KernelFamily("mul")
    static let div = KernelFamily("div")
    static let neg = KernelFamily("neg")
    static let maximum = KernelFamily("maximum")
    static let minimum = KernelFamily("minimum")
}

/// Elementwise arithmetic. Operands are promoted to the wider dtype and broadcast: aligned at the last
/// dimension, sizes must be equal or 1.
extension Tensor {
    public static func + (a: Tensor, b: Tensor) -> Tensor {
        pointwise(.add, a, b) { gradient, step in
            step.give(0, gradient)
            step.give(1, gradient)
        }
    }

    public static func - (a: Tensor, b: Tensor) -> Tensor {
        pointwise(.sub, a, b) { gradient, step in
            step.give(0, gradient)
            step.give(1, -gradient)
        }
    }

    public static func * (a: Tensor, b: Tensor) -> Tensor {
        pointwise(.mul, a, b, keeping: .inputs) { gradient, step in
            step.give(0, gradient * step[1])
            step.give(1, gradient * step[0])
        }
    }

    /// Elementwise quotient. Integers and truth values are divided as float32.
    public static func / (a: Tensor, b: Tensor) -> Tensor {
        let isFloatingPoint = a.dtype.isFloatingPoint || b.dtype.isFloatingPoint
        let (p, q) = isFloatingPoint ? (a, b) : (a.floatingPoint(at: nil), b.floatingPoint(at: nil))
        return pointwise(.div, p, q, keeping: .inputs) { gradient, step in
            step.give(0, gradient / step[1])
            // Divided twice, because the divisor's square can leave the range of its dtype.
            step.give(1, -gradient * (step[0] / step[1] / step[1]))
        }
    }

    public static prefix func - (a: Tensor) -> Tensor {
        pointwise(.neg, a, at: nil) { gradient, step in step.give(0, -gradient) }
    }

    /// The elementwise larger of the two; NaN where either is. Where they are equal, each gets half of the
    /// gradient.
    public static func maximum(
        _ a: Tensor,
        _ b: Tensor,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        pointwise(.maximum, a, b, keeping: .inputs, at: CallSite(file, line)) { gradient, step in
            step.give(0, gradient * share(step[0] .> step[1], step[0] .== step[1], gradient.dtype))
            step.give(1, gradient * share(step[0] .< step[1], step[0] .== step[1], gradient.dtype))
        }
    }

    /// The elementwise smaller of the two; NaN where either is. Where they are equal, each gets half of the
    /// gradient.
    public static func minimum(
        _ a: Tensor,
        _ b: Tensor,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        pointwise(.minimum, a, b, keeping: .inputs, at: CallSite(file, line)) { gradient, step in
            step.give(0, gradient * share(step[0] .< step[1], step[0] .== step[1], gradient.dtype))
            step.give(1, gradient * share(step[0] .> step[1], step[0] .== step[1], gradient.dtype))
        }
    }

    /// 1 where `wins`, a half where `ties`, else 0.
    private static func share(_ wins: Tensor, _ ties: Tensor, _ dtype: DType) -> Tensor {
        wins.converted(to: dtype, at: nil) + ties.converted(to: dtype, at: nil) * 0.5
    }

    /// The values as a floating-point dtype, for operations that exist for those alone. Not recorded: integers
    /// carry no gradient.
    func floatingPoint(at site: CallSite?) -> Tensor {
        dtype.isFloatingPoint ? self : converted(to: .float32, at: site)
    }

    /// The values in the floating-point `dtype`, recorded where they carry a gradient; the step back converts to this
    /// dtype.
    func recastFloatingPoint(_ dtype: DType, at site: CallSite?) -> Tensor {
        if self.dtype == dtype { return self }
        let result = converted(to: dtype, at: site)
        return .recorded(RecordedOperation(.to), result, from: self, readsOperands: false) { gradient, step in
            step.give(0, gradient)
        }
    }
}

/// Arithmetic with a Swift number on one side, which takes the tensor's dtype unless it needs a wider kind:
/// an int64 tensor times 0.5 is float32. Beside 16-bit elements a number is float32, and the result alone is rounded.
extension Tensor {
    /// What `compute` makes of 16-bit elements as float32, rounded to their dtype.
    @inline(never)
    private static func inFloat32(_ a: Tensor, _ compute: (Tensor) -> Tensor) -> Tensor {
        compute(a.widened).recastFloatingPoint(a.dtype, at: nil)
    }

    /// The values, 16-bit ones as float32, for arithmetic that is to be rounded once, at its end. Recorded.
    var widened: Tensor { dtype.isHalf ? recastFloatingPoint(.float32, at: nil) : self }

    public static func + <S: TensorScalar>(a: Tensor, b: S) -> Tensor {
        a.dtype.isHalf ? inFloat32(a) { $0 + b } : a + scalar(b, beside: a)
    }
    public static func + <S: TensorScalar>(a: S, b: Tensor) -> Tensor {
        b.dtype.isHalf ? inFloat32(b) { a + $0 } : scalar(a, beside: b) + b
    }
    public static func - <S: TensorScalar>(a: Tensor, b: S) -> Tensor {
        a.dtype.isHalf ? inFloat32(a) { $0 - b } : a - scalar(b, beside: a)
    }
    public static func - <S: TensorScalar>(a: S, b: Tensor) -> Tensor {
        b.dtype.isHalf ? inFloat32(b) { a - $0 } : scalar(a, beside: b) - b
    }
    public static func * <S: TensorScalar>(a: Tensor, b: S) -> Tensor {
        a.dtype.isHalf ? inFloat32(a) { $0 * b } : a * scalar(b, beside: a)
    }
    public static func * <S: TensorScalar>(a: S, b: Tensor) -> Tensor {
        b.dtype.isHalf ? inFloat32(b) { a * $0 } : scalar(a, beside: b) * b
    }
    public static func / <S: TensorScalar>(a: Tensor, b: S) -> Tensor {
        a.dtype.isHalf ? inFloat32(a) { $0 / b } : a / scalar(b, beside: a)
    }
    public static func / <S: TensorScalar>(a: S, b: Tensor) -> Tensor {
        b.dtype.isHalf ? inFloat32(b) { a / $0 } : scalar(a, beside: b) / b
    }
}

/// Updates in place. A tensor that shares its memory, with a view or with the tape, gets its own first, so no
/// other value ever changes.
///
/// A leaf that requires a gradient can be updated in `noGrad` alone, where it stays the leaf that it was.
extension Tensor {
    public static func += (a: inout Tensor, b: Tensor) { a.update(.add, b) { $0 + $1 } }
    public static func -= (a: inout Tensor, b: Tensor) { a.update(.sub, b) { $0 - $1 } }
    public static func *= (a: inout Tensor, b: Tensor) { a.update(.mul, b) { $0 * $1 } }
    public static func /= (a: inout Tensor, b: Tensor) { a.update(.div, b) { $0 / $1 } }

    public static func += <S: TensorScalar>(a: inout Tensor, b: S) {
        if a.dtype.isHalf { a.update(.add, inFloat32: { $0 + b }) } else { a += scalar(b, beside: a) }
    }
    public static func -= <S: TensorScalar>(a: inout Tensor, b: S) {
        if a.dtype.isHalf { a.update(.sub, inFloat32: { $0 - b }) } else { a -= scalar(b, beside: a) }
    }
    public static func *= <S: TensorScalar>(a: inout Tensor, b: S) {
        if a.dtype.isHalf { a.update(.mul, inFloat32: { $0 * b }) } else { a *= scalar(b, beside: a) }
    }
    public static func /= <S: TensorScalar>(a: inout Tensor, b: S) {
        if a.dtype.isHalf { a.update(.div, inFloat32: { $0 / b }) } else { a /= scalar(b, beside: a) }
    }

    private mutating func update(_ family: KernelFamily, _ other: Tensor, recorded: (Tensor, Tensor) -> Tensor) {
        guard isWritable(operation: family.name, at: nil) else { return }
        if recordsGradient || other.recordsGradient {
            let result = recorded(self, other)
            guard result.isFailed || (result.dtype == dtype && result.layout.hasSameShape(as: layout)) else {
                return refuseUpdate(family, other)
            }
            self = result
            return
        }
        if isFailed || other.isFailed { return }
        if dtype.isNarrowInteger, DType.promoted(dtype, other.dtype) == dtype, other.layout.expanded(to: layout) != nil
        {
            let result = recorded(self, other)
            if !result.isFailed { self = result }
            return
        }
        guard let handle = family[dtype], DType.promoted(dtype, other.dtype) == dtype,
            other.layout.expanded(to: layout) != nil
        else { return refuseUpdate(family, other) }
        let other = other.converted(to: dtype, at: nil)
        if !other.isFailed, makeUnique(keepsFormat: true) { assign(handle, self, other) }
    }

    /// Puts in the place of 16-bit elements what `compute` makes of them as float32.
    @inline(never)
    private mutating func update(_ family: KernelFamily, inFloat32 compute: (Tensor) -> Tensor) {
        guard isWritable(operation: family.name, at: nil) else { return }
        if recordsGradient {
            self = Tensor.inFloat32(self, compute)
            return
        }
        let result = compute(converted(to: .float32, at: nil))
        guard !result.isFailed, let handle = KernelFamily.conversion(to: dtype)[.float32] else { return }
        if makeUnique(keepsFormat: true) { assign(handle, result, nil) }
    }

    private func refuseUpdate(_ family: KernelFamily, _ other: Tensor) {
        refuse(
            family.name,
            "\(other.dtype) of shape \(describe(other.layout)) cannot update \(dtype) of shape \(describe(layout)) in place",
            at: nil
        )
    }

    /// Whether this tensor may be changed in place; refuses if it is a leaf that is being recorded.
    func isWritable(operation: StaticString, at site: CallSite?) -> Bool {
        guard case .leaf = tracking, GradientMode.isEnabled else { return true }
        refuse(
            operation,
            "a leaf of shape \(shape) that requires a gradient is updated in place outside noGrad { … }",
            at: site
        )
        return false
    }
}
