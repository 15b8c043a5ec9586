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
    /// The value where it is positive, else 0; NaN stays NaN. Its gradient at 0 is 0, and at NaN 1.
    public func relu(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        .recorded(
            "relu",
            .unary(.relu, self, at: CallSite(file, line)),
            from: self,
            savingResult: true,
            readsOperands: false
        ) { gradient, step in
            step.give(0, Activation.relu.gradient(gradient, ofResult: step.result))
        }
    }

    /// The hyperbolic tangent.
    public func tanh(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        transcendental(.tanh, savingResult: true, at: CallSite(file, line)) { gradient, step in
            step.give(0, Activation.tanh.gradient(gradient, ofResult: step.result))
        }
    }

    /// The logistic function 1 / (1 + exp(-x)).
    public func sigmoid(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        transcendental(.sigmoid, savingResult: true, at: CallSite(file, line)) { gradient, step in
            step.give(0, Activation.sigmoid.gradient(gradient, ofResult: step.result))
        }
    }

    /// x · Φ(x), where Φ is the standard normal distribution function: the Gaussian error linear unit in its
    /// exact form, as in Hendrycks and Gimpel, "Gaussian Error Linear Units" (2016).
    public func gelu(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        transcendental(.gelu, savingInput: true, at: CallSite(file, line)) { gradient, step in
            guard GradientMode.isEnabled else {
                return step.give(
                    0,
                    .binary(.geluBackward, gradient, step[0], cost: PointwiseCost.transcendental, at: nil)
                )
            }
            let x = step[0]
            let distribution = 0.5 * (1 + (x * 0.5.squareRoot()).erf())
            let density = (x.square() * -0.5).exp() * (1 / (2 * Double.pi).squareRoot())
            step.give(0, gradient * (distribution + x * density))
        }
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

    var name: StaticString { family.name }

    /// Whether the derivative at x can be told from the value there.
    var isDifferentiatedByResult: Bool { self != .gelu }

    /// The gradient of x for the gradient of `y`, the activation of x. Only where the derivative can be told from `y`.
    func gradient(_ gradient: Tensor, ofResult y: Tensor) -> Tensor {
        let isRecorded = GradientMode.isEnabled
        switch self {
        case .relu:
            return isRecorded
                ? `where`(y .<= 0, Tensor.scalar(0.0, beside: gradient), gradient)
                : .binary(.reluBackward, gradient, y, at: nil)
        case .tanh: return isRecorded ? gradient * (1 - y.square()) : .binary(.tanhBackward, gradient, y, at: nil)
        case .sigmoid:
            return isRecorded ? gradient * y * (1 - y) : .binary(.sigmoidBackward, gradient, y, at: nil)
        case .gelu: preconditionFailure("the derivative of gelu cannot be told from its value")
        }
    }
}
