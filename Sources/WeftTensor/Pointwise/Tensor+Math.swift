import WeftRuntime

extension KernelFamily {
    fileprivate static let abs = KernelFamily("abs")
    fileprivate static let sign = KernelFamily("sign")
    fileprivate static let square = KernelFamily("square")
    fileprivate static let sqrt = KernelFamily("sqrt")
    fileprivate static let reciprocal = KernelFamily("reciprocal")
    fileprivate static let exp = KernelFamily("exp")
    fileprivate static let log = KernelFamily("log")
    fileprivate static let erf = KernelFamily("erf")
}

/// Elementwise functions. Integers and truth values are computed as float32, but for `abs`, `sign` and
/// `square`, which keep integers.
extension Tensor {
    /// The magnitude. Its gradient at 0 is 0.
    public func abs(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        .pointwise(.abs, self, keeping: .inputs, at: CallSite(file, line)) { gradient, step in
            step.give(0, gradient * step[0].sign())
        }
    }

    /// -1, 0 or 1 with the sign of the value; 0 for NaN, as in PyTorch. Its gradient is 0.
    public func sign(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        // Of truth values it is they themselves.
        if dtype == .bool { return self }
        return .pointwise(.sign, self, at: CallSite(file, line)) { gradient, step in
            step.give(0, Tensor.filled(gradient.layout, 0.0, dtype: gradient.dtype, at: nil))
        }
    }

    /// The value times itself; of truth values as int64.
    public func square(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let input = dtype == .bool ? converted(to: .int64, at: CallSite(file, line)) : self
        return .pointwise(.square, input, keeping: .inputs, at: CallSite(file, line)) { gradient, step in
            step.give(0, gradient * 2 * step[0])
        }
    }

    /// The square root; NaN for negative values.
    public func sqrt(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        transcendental(.sqrt, keeping: .result, at: CallSite(file, line)) { gradient, step in
            step.give(0, gradient / (step.result * 2))
        }
    }

    /// 1 / x.
    public func reciprocal(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        transcendental(.reciprocal, keeping: .result, at: CallSite(file, line)) { gradient, step in
            step.give(0, -gradient * step.result.square())
        }
    }

    /// e to the power of the value.
    public func exp(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        transcendental(.exp, keeping: .result, at: CallSite(file, line)) { gradient, step in
            step.give(0, gradient * step.result)
        }
    }

    /// The natural logarithm; -infinity at 0, NaN for negative values.
    public func log(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        transcendental(.log, keeping: .inputs, at: CallSite(file, line)) { gradient, step in
            step.give(0, gradient / step[0])
        }
    }

    /// The error function, 2 / sqrt(pi) times the integral of exp(-t²) from 0 to x.
    public func erf(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        transcendental(.erf, keeping: .inputs, at: CallSite(file, line)) { gradient, step in
            step.give(0, gradient * ((-step[0].square()).exp() * (2 / Double.pi.squareRoot())))
        }
    }
}
