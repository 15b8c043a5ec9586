import WeftRuntime

extension KernelFamily {
    fileprivate static let elu = KernelFamily("elu")
    fileprivate static let eluBackward = KernelFamily("elu_backward")
    fileprivate static let softplus = KernelFamily("softplus")
    fileprivate static let softplusBackward = KernelFamily("softplus_backward")
}

extension ActivationCurve {
    /// A function that one pair of kernels serves, by its name and derivative.
    fileprivate init(_ name: StaticString, _ backward: StaticString, slope: @escaping @Sendable (Tensor) -> Tensor) {
        self.init(kernel: KernelFamily(name), backward: KernelFamily(backward), slope: slope)
    }

    fileprivate static let silu = ActivationCurve("silu", "silu_backward") { x in
        let s = x.sigmoid()
        return s * (1 + x * (1 - s))
    }

    fileprivate static let mish = ActivationCurve("mish", "mish_backward") { x in
        let t = x.softplus(threshold: .infinity).tanh()
        return t + x * x.sigmoid() * (1 - t.square())
    }

    fileprivate static let hardswish = ActivationCurve("hardswish", "hardswish_backward") { x in
        `where`(x .<= -3, 0.0, `where`(x .>= 3, 1.0, x * (1.0 / 3) + 0.5))
    }

    fileprivate static let softsign = ActivationCurve("softsign", "softsign_backward") { x in
        (1 + x.abs()).square().reciprocal()
    }

    fileprivate static let tanhshrink = ActivationCurve("tanhshrink", "tanhshrink_backward") { $0.tanh().square() }

    fileprivate static let geluTanh = ActivationCurve("gelu_tanh", "gelu_tanh_backward") { x in
        let (linear, cubic) = (2 * (2 / Double.pi).squareRoot(), 2 * (2 / Double.pi).squareRoot() * 0.044715)
        let square = x.square()
        let s = (x * (linear + cubic * square)).sigmoid()
        return s * (1 + x * (linear + 3 * cubic * square) * (1 - s))
    }

    /// `scale` · x where x > 0, otherwise `left` · (exp(`rate` · x) - 1).
    fileprivate static func elu(
        _ name: RecordedOperation.Name,
        scale: Double = 1,
        left: Double,
        rate: Double = 1
    ) -> ActivationCurve {
        ActivationCurve(
            kernel: .elu,
            backward: .eluBackward,
            name: name,
            numbers: [scale, left, rate],
            slope: { x in
                // The bound keeps what is not chosen finite, for its gradient is multiplied by 0.
                let bounded = `where`(x .> 0, 0.0, x)
                return `where`(x .> 0, scale, (bounded * rate).exp() * (left * rate))
            }
        )
    }

    /// ln(1 + exp(`beta` · x)) / `beta`.
    fileprivate static func softplus(
        _ name: RecordedOperation.Name,
        beta: Double,
        threshold: Double
    ) -> ActivationCurve {
        ActivationCurve(
            kernel: .softplus,
            backward: .softplusBackward,
            name: name,
            numbers: [beta, threshold],
            slope: { x in
                let scaled = x * beta
                return `where`(scaled .> threshold, 1.0, scaled.sigmoid())
            }
        )
    }
}

/// Which form of the Gaussian error linear unit.
public enum GELUApproximation: Sendable, CaseIterable {
    /// The exact one, with the normal distribution function.
    case none
    /// The one that earlier models were trained with: x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2.
    case tanh
}

/// Activation functions with a kernel each, or one for several, forward and backward. Integers and truth values are
/// computed as float32; a shape is kept, and NaN stays NaN.
extension Tensor {
    /// x where it is positive, else `alpha` · (exp(x) - 1): the exponential linear unit (Clevert et al., 2015).
    public func elu(alpha: Double = 1, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        applying(.elu(.byKernel, left: alpha), Call("elu", file, line))
    }

    /// The exponential linear unit with the two numbers for which means stay 0 and variances 1 (Klambauer et al., 2017).
    public func selu(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let (scale, alpha) = (1.0507009873554804934193349852946, 1.6732632423543772848170429916717)
        return applying(.elu(.selu, scale: scale, left: scale * alpha), Call("selu", file, line))
    }

    /// x where it is positive, else `alpha` · (exp(x / `alpha`) - 1), whose slope is continuous (Barron, 2017).
    ///
    /// Refused if `alpha` is 0.
    public func celu(alpha: Double = 1, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        Call("celu", file, line).checked(standIn: layout.rowMajor, floatingPointDType) { call throws(Refusal) in
            try call.require(alpha != 0, "alpha cannot be 0")
            return applying(.elu(.celu, left: alpha, rate: 1 / alpha), call)
        }
    }

    /// ln(1 + exp(`beta` · x)) / `beta`, a smooth rectifier; x itself where `beta` · x exceeds `threshold`.
    ///
    /// Refused if `beta` is 0.
    public func softplus(
        beta: Double = 1,
        threshold: Double = 20,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        Call("softplus", file, line).checked(standIn: layout.rowMajor, floatingPointDType) { call throws(Refusal) in
            try call.require(beta != 0, "beta cannot be 0")
            return applying(.softplus(.byKernel, beta: beta, threshold: threshold), call)
        }
    }

    /// The logarithm of the logistic function, ln(1 / (1 + exp(-x))), accurate also where that is nearly 0 or 1.
    public func logSigmoid(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        applying(.softplus(.logSigmoid, beta: -1, threshold: .infinity), Call("log_sigmoid", file, line))
    }

    /// x / (1 + exp(-x)), also called swish.
    public func silu(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        applying(.silu, Call("silu", file, line))
    }

    /// x · tanh(ln(1 + exp(x))) (Misra, 2019).
    public func mish(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        applying(.mish, Call("mish", file, line))
    }

    /// x · min(max(x + 3, 0), 6) / 6 (Howard et al., 2019). Its gradient is 0 at -3 and 1 at 3.
    public func hardswish(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        applying(.hardswish, Call("hardswish", file, line))
    }

    /// x / (1 + |x|).
    public func softsign(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        applying(.softsign, Call("softsign", file, line))
    }

    /// x - tanh(x).
    public func tanhshrink(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        applying(.tanhshrink, Call("tanhshrink", file, line))
    }

    /// The Gaussian error linear unit, exact or in the form with tanh (Hendrycks and Gimpel, 2016).
    public func gelu(approximate: GELUApproximation, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        approximate == .none ? gelu(file: file, line: line) : applying(.geluTanh, Call("gelu", file, line))
    }

    /// The dtype of what is computed from these values: their own, or float32 for integers and truth values.
    var floatingPointDType: DType { dtype.isFloatingPoint ? dtype : .float32 }
}
