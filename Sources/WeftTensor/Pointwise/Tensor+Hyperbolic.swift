import WeftRuntime

extension KernelFamily {
    fileprivate static let sinh = KernelFamily("sinh")
    fileprivate static let cosh = KernelFamily("cosh")
    fileprivate static let asinh = KernelFamily("asinh")
    fileprivate static let acosh = KernelFamily("acosh")
    fileprivate static let atanh = KernelFamily("atanh")
}

/// Hyperbolic functions and their inverses; `tanh` is among the activations. Integers and truth values are computed as
/// float32; NaN stays NaN.
extension Tensor {
    /// The hyperbolic sine.
    public func sinh(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        function(.sinh, at: CallSite(file, line)) { gradient, step in
            step.give(0, gradient * step[0].cosh())
        }
    }

    /// The hyperbolic cosine.
    public func cosh(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        function(.cosh, at: CallSite(file, line)) { gradient, step in
            step.give(0, gradient * step[0].sinh())
        }
    }

    /// The inverse of the hyperbolic sine.
    public func asinh(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        function(.asinh, at: CallSite(file, line)) { gradient, step in
            step.give(0, gradient * (step[0].square() + 1).rsqrt())
        }
    }

    /// The inverse of the hyperbolic cosine, from 0 up; NaN for values below 1.
    public func acosh(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        function(.acosh, at: CallSite(file, line)) { gradient, step in
            step.give(0, gradient * (step[0].square() - 1).rsqrt())
        }
    }

    /// The inverse of the hyperbolic tangent; infinite at ±1, NaN beyond.
    public func atanh(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        function(.atanh, at: CallSite(file, line)) { gradient, step in
            step.give(0, gradient / (1 - step[0].square()))
        }
    }
}
