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
    /// The value where it is positive, else 0; NaN stays NaN. Its gradient at 0 is 0.
    public func relu(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        .recorded(
            "relu",
            .unary(.relu, self, at: CallSite(file, line)),
            from: self,
            savingResult: true,
            readsOperands: false
        ) { gradient, step in
            step.give(
                0,
                GradientMode.isEnabled
                    ? `where`(step.result .> 0, gradient, Tensor.scalar(0.0, beside: gradient))
                    : .binary(.reluBackward, gradient, step.result, at: nil)
            )
        }
    }

    /// The hyperbolic tangent.
    public func tanh(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        transcendental(.tanh, savingResult: true, at: CallSite(file, line)) { gradient, step in
            step.give(
                0,
                GradientMode.isEnabled
                    ? gradient * (1 - step.result.square())
                    : .binary(.tanhBackward, gradient, step.result, at: nil)
            )
        }
    }

    /// The logistic function 1 / (1 + exp(-x)).
    public func sigmoid(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        transcendental(.sigmoid, savingResult: true, at: CallSite(file, line)) { gradient, step in
            guard GradientMode.isEnabled else {
                return step.give(0, .binary(.sigmoidBackward, gradient, step.result, at: nil))
            }
            let y = step.result
            step.give(0, gradient * y * (1 - y))
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
}
