import WeftRuntime

extension KernelFamily {
    fileprivate static let sin = KernelFamily("sin")
    fileprivate static let cos = KernelFamily("cos")
    fileprivate static let tan = KernelFamily("tan")
    fileprivate static let asin = KernelFamily("asin")
    fileprivate static let acos = KernelFamily("acos")
    fileprivate static let atan = KernelFamily("atan")
    fileprivate static let atan2 = KernelFamily("atan2")
}

/// Trigonometric functions of angles in radians, and their inverses. Integers and truth values are computed as float32;
/// NaN stays NaN. How exact they are is said beside the kernels, in CKernels/math/trigonometry.h.
extension Tensor {
    /// The sine; NaN for infinities.
    public func sin(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        function(.sin, at: CallSite(file, line)) { gradient, step in
            step.give(0, gradient * step[0].cos())
        }
    }

    /// The cosine; NaN for infinities.
    public func cos(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        function(.cos, at: CallSite(file, line)) { gradient, step in
            step.give(0, -gradient * step[0].sin())
        }
    }

    /// The tangent; NaN for infinities.
    public func tan(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        function(.tan, keeping: .result, at: CallSite(file, line)) { gradient, step in
            step.give(0, gradient * (1 + step.result.square()))
        }
    }

    /// The angle from -π/2 to π/2 that has this sine; NaN for magnitudes above 1.
    public func asin(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        function(.asin, at: CallSite(file, line)) { gradient, step in
            step.give(0, gradient * (1 - step[0].square()).rsqrt())
        }
    }

    /// The angle from 0 to π that has this cosine; NaN for magnitudes above 1.
    public func acos(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        function(.acos, at: CallSite(file, line)) { gradient, step in
            step.give(0, -gradient * (1 - step[0].square()).rsqrt())
        }
    }

    /// The angle from -π/2 to π/2 that has this tangent.
    public func atan(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        function(.atan, at: CallSite(file, line)) { gradient, step in
            step.give(0, gradient / (step[0].square() + 1))
        }
    }

    /// The angle from -π to π of the point whose ordinate is here and whose abscissa is in `abscissa`, with the signs of
    /// zeros told apart as in IEEE 754. Both are promoted to one dtype and broadcast.
    public func atan2(_ abscissa: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        function(.atan2, abscissa, at: CallSite(file, line)) { gradient, step in
            let (y, x) = (step[0], step[1])
            let square = x.square() + y.square()
            // At the origin there is no derivative, and 0 is given.
            let share = gradient / `where`(square .== 0, 1.0, square)
            step.give(0, share * x)
            step.give(1, -share * y)
        }
    }
}
