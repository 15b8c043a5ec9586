import WeftRuntime

extension KernelFamily {
    fileprivate static let fmod = KernelFamily("fmod")
    fileprivate static let remainder = KernelFamily("remainder")
    fileprivate static let floorDivide = KernelFamily("floor_divide")
    fileprivate static let truncDivide = KernelFamily("trunc_divide")
}

/// Division to whole numbers, and what it leaves. Operands are promoted to one dtype and broadcast. Integers are divided
/// exactly, and by 0 refused; floating-point numbers divided by 0 give infinities and NaN.
extension Tensor {
    /// The quotient rounded down. Its gradient is 0.
    public func floorDivide(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let call = Call("floorDivide", file, line)
        if let quotient = integers(.floorDivide, other, call) { return quotient }
        let (a, b) = (detached(), other.detached())
        // By way of the exact rest: the quotient itself may have been rounded up to a whole number.
        let whole = ((a - a.remainder(b, file: file, line: line)) / b).round()
        return `where`(b .== 0, a / b, whole)
    }

    /// The quotient rounded towards 0. Its gradient is 0.
    public func truncDivide(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let call = Call("truncDivide", file, line)
        return integers(.truncDivide, other, call) ?? (detached() / other.detached()).trunc(file: file, line: line)
    }

    /// What a division rounded towards 0 leaves, exactly: a - b · trunc(a / b), with the sign of a. NaN where b is 0 or a is
    /// infinite.
    public func fmod(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        integers(.fmod, other, Call("fmod", file, line))
            ?? function(.fmod, other, at: CallSite(file, line)) { gradient, step in
                step.give(0, gradient)
                step.give(1, -gradient * (step[0] / step[1]).trunc())
            }
    }

    /// What a division rounded down leaves: a - b · floor(a / b), with the sign of b. NaN where b is 0 or a is infinite.
    public func remainder(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        integers(.remainder, other, Call("remainder", file, line))
            ?? function(.remainder, other, at: CallSite(file, line)) { gradient, step in
                step.give(0, gradient)
                step.give(1, -gradient * (step[0] / step[1]).floor())
            }
    }

    /// The operation on integers; nil where an operand is floating point.
    private func integers(_ family: KernelFamily, _ other: Tensor, _ call: Call) -> Tensor? {
        guard !dtype.isFloatingPoint, !other.dtype.isFloatingPoint else { return nil }
        let nearest = Layout.nearestBroadcast(layout, other.layout)
        return call.checked(standIn: nearest, .int64) { call throws(Refusal) in
            let zeros = other.isFailed ? 0 : (other .== 0).converted(to: .int64, at: call.site).sum().item(as: Int.self)
            try call.require(zeros == 0, "integers are divided by 0, which \(zeros) of \(other.count) divisors are")
            return .binary(
                family,
                converted(to: .int64, at: call.site),
                other.converted(to: .int64, at: call.site),
                at: call.site
            )
        }
    }
}
