import WeftRuntime

/// What kind of number each element is, as a tensor of truth values. Integers and truth values are finite.
extension Tensor {
    /// Whether it is NaN.
    public func isNaN() -> Tensor { self .!= self }

    /// Whether it is an infinity of either sign.
    public func isInfinite() -> Tensor { isFloatingPoint(or: false) { $0.abs() .== Double.infinity } }

    /// Whether it is neither NaN nor an infinity.
    public func isFinite() -> Tensor { isFloatingPoint(or: true) { $0.abs() .< Double.infinity } }

    /// Whether it is infinity.
    public func isPositiveInfinity() -> Tensor { isFloatingPoint(or: false) { $0 .== Double.infinity } }

    /// Whether it is -infinity.
    public func isNegativeInfinity() -> Tensor { isFloatingPoint(or: false) { $0 .== -Double.infinity } }

    private func isFloatingPoint(or value: Bool, _ classify: (Tensor) -> Tensor) -> Tensor {
        dtype.isFloatingPoint ? classify(detached()) : .filled(layout.rowMajor, value, dtype: .bool, at: nil)
    }

    /// Whether the elements are equal, or differ by no more than `absoluteTolerance` and `relativeTolerance` times the
    /// magnitude of `other`'s. Infinities are close to themselves alone, and NaN to NaN if `equalNaN`.
    ///
    /// Refused if a tolerance is negative, or the dtypes differ.
    public func isClose(
        _ other: Tensor,
        relativeTolerance: Double = 1e-5,
        absoluteTolerance: Double = 1e-8,
        equalNaN: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let nearest = Layout.nearestBroadcast(layout, other.layout)
        return Call("isClose", file, line).checked(standIn: nearest, .bool) { call throws(Refusal) in
            try call.require(relativeTolerance >= 0, "the relative tolerance, \(relativeTolerance), is negative")
            try call.require(absoluteTolerance >= 0, "the absolute tolerance, \(absoluteTolerance), is negative")
            try call.require(dtype == other.dtype, "the dtypes are \(dtype) and \(other.dtype); they must be the same")
            let equal = detached() .== other.detached()
            let close = equalNaN ? equal.logicalOr(isNaN().logicalAnd(other.isNaN())) : equal
            guard relativeTolerance > 0 || absoluteTolerance > 0 else { return close }
            let (a, b) = (floatingPoint(at: call.site).detached(), other.floatingPoint(at: call.site).detached())
            let difference = (a - b).abs()
            let allowed = b.abs() * relativeTolerance + absoluteTolerance
            return close .| (difference.isFinite() .& (difference .<= allowed))
        }
    }

    /// The values with numbers in the place of NaN, and of infinities where there is one for them: by default 0 and the
    /// dtype's greatest and least. Integers and truth values stay what they are. Gradients flow to what stays.
    public func nanToNum(
        nan: Double = 0,
        positiveInfinity: Double? = nil,
        negativeInfinity: Double? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        guard dtype.isFloatingPoint else { return self }
        let greatest = dtype.greatestFinite
        return masked(isNaN(), with: nan, file: file, line: line)
            .masked(isPositiveInfinity(), with: positiveInfinity ?? greatest, file: file, line: line)
            .masked(isNegativeInfinity(), with: negativeInfinity ?? -greatest, file: file, line: line)
    }
}

extension DType {
    /// The greatest number of a floating-point dtype.
    fileprivate var greatestFinite: Double {
        switch self {
        case .float16: 65504
        case .bfloat16: 0x1.fep+127
        case .float64: .greatestFiniteMagnitude
        default: Double(Float.greatestFiniteMagnitude)
        }
    }
}
