import WeftRuntime

extension KernelFamily {
    fileprivate static let exp2 = KernelFamily("exp2")
    fileprivate static let expm1 = KernelFamily("expm1")
    fileprivate static let log1p = KernelFamily("log1p")
    fileprivate static let log2 = KernelFamily("log2")
    fileprivate static let log10 = KernelFamily("log10")
    fileprivate static let rsqrt = KernelFamily("rsqrt")
}

/// Exponentials and logarithms besides `exp` and `log`. Integers and truth values are computed as float32; NaN stays NaN.
extension Tensor {
    /// 2 to the power of the value.
    public func exp2(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        function(.exp2, keeping: .result, at: CallSite(file, line)) { gradient, step in
            step.give(0, gradient * step.result * 0.6931471805599453)
        }
    }

    /// exp(x) - 1, accurate also near 0.
    public func expm1(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        function(.expm1, keeping: .result, at: CallSite(file, line)) { gradient, step in
            step.give(0, gradient * (step.result + 1))
        }
    }

    /// ln(1 + x), accurate also near 0; -infinity at -1, NaN below.
    public func log1p(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        function(.log1p, at: CallSite(file, line)) { gradient, step in
            step.give(0, gradient / (step[0] + 1))
        }
    }

    /// The logarithm to the base 2; -infinity at 0, NaN for negative values.
    public func log2(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        function(.log2, at: CallSite(file, line)) { gradient, step in
            step.give(0, gradient / (step[0] * 0.6931471805599453))
        }
    }

    /// The logarithm to the base 10; -infinity at 0, NaN for negative values.
    public func log10(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        function(.log10, at: CallSite(file, line)) { gradient, step in
            step.give(0, gradient / (step[0] * 2.302585092994046))
        }
    }

    /// 1 / √x; infinity at 0, NaN for negative values.
    public func rsqrt(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        function(.rsqrt, keeping: .result, at: CallSite(file, line)) { gradient, step in
            step.give(0, gradient * -0.5 * step.result * step.result.square())
        }
    }

    /// ln(exp(a) + exp(b)), where neither exponential leaves the range. Both are promoted to one dtype and broadcast.
    public func logAddExp(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let (a, b) = (floatingPoint(at: CallSite(file, line)), other.floatingPoint(at: CallSite(file, line)))
        let greatest = Tensor.maximum(a.detached(), b.detached(), file: file, line: line)
        let distance = (a.detached() - b.detached()).abs()
        // Infinities of one sign have no distance.
        let more = `where`(greatest.abs() .== Double.infinity, 0.0, (-distance).exp().log1p())
        let result = greatest + more
        return .recorded(RecordedOperation(.logAddExp), result, from: a, b, savingInputs: true) { gradient, step in
            step.give(0, gradient * (step[0] - step[1]).sigmoid())
            step.give(1, gradient * (step[1] - step[0]).sigmoid())
        }
    }

    /// log2(2ᵃ + 2ᵇ), where neither power leaves the range. Both are promoted to one dtype and broadcast.
    public func logAddExp2(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let scale = 0.6931471805599453
        return (self * scale).logAddExp(other * scale, file: file, line: line) / scale
    }
}
