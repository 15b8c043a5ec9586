import WeftRuntime

extension KernelFamily {
    fileprivate static let floor = KernelFamily("floor")
    fileprivate static let ceil = KernelFamily("ceil")
    fileprivate static let trunc = KernelFamily("trunc")
    fileprivate static let round = KernelFamily("round")
}

/// Whole numbers near the values, as floating-point numbers of the same dtype; integers stay what they are. Gradients are
/// 0. NaN stays NaN, and infinities stay infinite.
extension Tensor {
    /// The greatest whole number that is not greater.
    public func floor(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        whole(.floor, at: CallSite(file, line))
    }

    /// The least whole number that is not less.
    public func ceil(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        whole(.ceil, at: CallSite(file, line))
    }

    /// The nearest whole number towards 0.
    public func trunc(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        whole(.trunc, at: CallSite(file, line))
    }

    /// The nearest whole number, and of two the even one.
    ///
    /// - Parameter decimals: how many digits behind the point are kept; before it where negative. The value is multiplied
    ///   by a power of ten, rounded and divided again, in its own dtype.
    public func round(decimals: Int = 0, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let site = CallSite(file, line)
        guard decimals != 0, dtype.isFloatingPoint else { return whole(.round, at: site) }
        var scale = 1.0
        for _ in 0..<Swift.min(decimals.magnitude, 400) { scale *= 10 }
        return decimals > 0
            ? (self * scale).whole(.round, at: site) / scale : (self / scale).whole(.round, at: site) * scale
    }

    /// What is left of the value without its whole part, with its sign.
    public func frac(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        self - trunc(file: file, line: line)
    }

    private func whole(_ family: KernelFamily, at site: CallSite) -> Tensor {
        dtype.isFloatingPoint ? stepFunction(family, at: site) : self
    }
}
