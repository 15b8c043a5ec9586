import WeftRuntime

extension KernelFamily {
    fileprivate static let relu = KernelFamily("relu")
    fileprivate static let reluBackward = KernelFamily("relu_backward")
    fileprivate static let tanh = KernelFamily("tanh")
    fileprivate static let tanhBackward = KernelFamily("tanh_backward")
    fileprivate static let sigmoid = KernelFamily("sigmoid")
    fileprivate static let sigmoidBackward = KernelFamily("sigmoid_backward")
    fileprivate static let gelu = KernelFamily("gelu")
    fileprivate static let geluBackward = KernelFamily("gelu_backward")
}

/// Activation functions. A backward pass that is recorded in turn goes through their definitions in terms of
/// differentiable operations; one that is not runs a fused kernel.
extension Tensor {
    /// The value where it is positive, else 0; NaN stays NaN, and integers stay integers. Its gradient at 0 is 0, and at
    /// NaN 1.
    public func relu(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        if dtype == .int64 { return .maximum(self, .scalar(0, dtype: .int64), file: file, line: line) }
        return activated(.relu, cost: PointwiseCost.arithmetic, at: CallSite(file, line))
    }

    /// The hyperbolic tangent.
    public func tanh(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        floatingPoint(at: CallSite(file, line)).activated(.tanh, at: CallSite(file, line))
    }

    /// The logistic function 1 / (1 + exp(-x)).
    public func sigmoid(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        floatingPoint(at: CallSite(file, line)).activated(.sigmoid, at: CallSite(file, line))
    }

    /// x · Φ(x), where Φ is the standard normal distribution function: the Gaussian error linear unit in its
    /// exact form, as in Hendrycks and Gimpel, "Gaussian Error Linear Units" (2016).
    public func gelu(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        floatingPoint(at: CallSite(file, line)).activated(.gelu, at: CallSite(file, line))
    }

    /// `activation` of the values.
    package func applying(_ activation: Activation, file: StaticString, line: UInt) -> Tensor {
        switch activation {
        case .relu: relu(file: file, line: line)
        case .tanh: tanh(file: file, line: line)
        case .sigmoid: sigmoid(file: file, line: line)
        case .gelu: gelu(file: file, line: line)
        }
    }

    private func activated(
        _ activation: Activation,
        cost: Double = PointwiseCost.transcendental,
        at site: CallSite
    ) -> Tensor {
        .pointwise(
            activation.family,
            self,
            keeping: activation.isDifferentiatedByResult ? .result : .inputs,
            derivative: activation.derivative,
            cost: cost,
            attributes: OperationAttributes(activation: activation),
            at: site
        ) { gradient, step in
            let activation = step.attributes.activation!
            let kept = activation.isDifferentiatedByResult ? step.result : step[0]
            step.give(0, activation.gradient(gradient, kept, by: step.derivative))
        }
    }
}

extension Activation {
    /// The function as a kernel of its own.
    var family: KernelFamily {
        switch self {
        case .relu: .relu
        case .tanh: .tanh
        case .sigmoid: .sigmoid
        case .gelu: .gelu
        }
    }

    /// The kernel of the derivative.
    var derivative: KernelFamily {
        switch self {
        case .relu: .reluBackward
        case .tanh: .tanhBackward
        case .sigmoid: .sigmoidBackward
        case .gelu: .geluBackward
        }
    }

    /// Whether the derivative at x can be told from the value there.
    var isDifferentiatedByResult: Bool { self != .gelu }

    /// The gradient of x, from the result's and from what the derivative is told by: the result y, or x itself.
    ///
    /// - Parameter kernel: computes it where it is not recorded in turn.
    func gradient(_ gradient: Tensor, _ kept: Tensor, by kernel: KernelHandle?) -> Tensor {
        if let kernel, !GradientMode.isEnabled {
            let cost = self == .gelu ? PointwiseCost.transcendental : PointwiseCost.arithmetic
            return .derivative(kernel, gradient, kept, cost: cost)
        }
        switch self {
        // Where it is NaN, the gradient goes on as it is.
        case .relu: return `where`(kept .<= 0, Tensor.scalar(0.0, beside: gradient), gradient)
        case .tanh: return gradient * (1 - kept.square())
        case .sigmoid: return gradient * kept * (1 - kept)
        case .gelu:
            let distribution = 0.5 * (1 + (kept * 0.5.squareRoot()).erf())
            let density = (kept.square() * -0.5).exp() * (1 / (2 * Double.pi).squareRoot())
            return gradient * (distribution + kept * density)
        }
    }
}
