public import WeftTensor

// PyTorch's activations, in its order: each a function of `Tensor` by the name of PyTorch's layer. What it computes, and
// which arguments are refused, is said there.

/// The exponential linear unit of every element: ``Tensor/elu(alpha:file:line:)``.
public final class ELU: FunctionLayer {
    public let function: TensorFunction
    public init(alpha: Double = 1) { function = .init { $0.elu(alpha: alpha, file: $1, line: $2) } }
}

/// Every element that exceeds `lambda` in magnitude, else 0: ``Tensor/hardshrink(lambda:file:line:)``.
public final class Hardshrink: FunctionLayer {
    public let function: TensorFunction
    public init(lambda: Double = 0.5) { function = .init { $0.hardshrink(lambda: lambda, file: $1, line: $2) } }
}

/// `min(max(x + 3, 0), 6) / 6` of every element.
public final class Hardsigmoid: FunctionLayer {
    public let function = TensorFunction { $0.hardsigmoid(file: $1, line: $2) }
    public init() {}
}

/// Every element, but no less than `min` and no more than `max`: ``Tensor/hardtanh(min:max:file:line:)``.
public final class Hardtanh: FunctionLayer {
    public let function: TensorFunction
    public init(min: Double = -1, max: Double = 1) {
        function = .init { $0.hardtanh(min: min, max: max, file: $1, line: $2) }
    }
}

/// `x · min(max(x + 3, 0), 6) / 6` of every element.
public final class Hardswish: FunctionLayer {
    public let function = TensorFunction { $0.hardswish(file: $1, line: $2) }
    public init() {}
}

/// Every element where it is positive, else `negativeSlope` times it.
public final class LeakyReLU: FunctionLayer {
    public let function: TensorFunction
    public init(negativeSlope: Double = 0.01) {
        function = .init { $0.leakyRelu(negativeSlope: negativeSlope, file: $1, line: $2) }
    }
}

/// The logarithm of the logistic function of every element.
public final class LogSigmoid: FunctionLayer {
    public let function = TensorFunction { $0.logSigmoid(file: $1, line: $2) }
    public init() {}
}

/// The rectifier, `max(x, 0)`, of every element; any shape.
public final class ReLU: FunctionLayer {
    public let function = TensorFunction(.relu)
    public init() {}
}

/// `min(max(x, 0), 6)` of every element.
public final class ReLU6: FunctionLayer {
    public let function = TensorFunction { $0.relu6(file: $1, line: $2) }
    public init() {}
}

/// Every element where it is positive, else times a number that is drawn between `lower` and `upper` in training, and is
/// their mean in evaluation mode: ``Tensor/rrelu(lower:upper:training:file:line:)``.
public final class RReLU: FunctionLayer {
    public let function: TensorFunction
    public init(lower: Double = 1.0 / 8, upper: Double = 1.0 / 3) {
        function = .init {
            $0.rrelu(lower: lower, upper: upper, training: Mode.current == .training, file: $1, line: $2)
        }
    }
}

/// The scaled exponential linear unit of every element.
public final class SELU: FunctionLayer {
    public let function = TensorFunction { $0.selu(file: $1, line: $2) }
    public init() {}
}

/// The exponential linear unit with a continuous slope: ``Tensor/celu(alpha:file:line:)``.
public final class CELU: FunctionLayer {
    public let function: TensorFunction
    public init(alpha: Double = 1) { function = .init { $0.celu(alpha: alpha, file: $1, line: $2) } }
}

/// The Gaussian error linear unit, `x Φ(x)`, of every element, exact or by tanh; any shape.
public final class GELU: FunctionLayer {
    public let function: TensorFunction
    public init(approximate: GELUApproximation = .none) {
        function =
            approximate == .none
            ? .init(.gelu) : .init { $0.gelu(approximate: approximate, file: $1, line: $2) }
    }
}

/// The logistic function, `1 / (1 + exp(-x))`, of every element; any shape.
public final class Sigmoid: FunctionLayer {
    public let function = TensorFunction(.sigmoid)
    public init() {}
}

/// `x / (1 + exp(-x))` of every element, also called swish.
public final class SiLU: FunctionLayer {
    public let function = TensorFunction { $0.silu(file: $1, line: $2) }
    public init() {}
}

/// `x · tanh(ln(1 + exp(x)))` of every element.
public final class Mish: FunctionLayer {
    public let function = TensorFunction { $0.mish(file: $1, line: $2) }
    public init() {}
}

/// `ln(1 + exp(beta · x)) / beta` of every element: ``Tensor/softplus(beta:threshold:file:line:)``.
public final class Softplus: FunctionLayer {
    public let function: TensorFunction
    public init(beta: Double = 1, threshold: Double = 20) {
        function = .init { $0.softplus(beta: beta, threshold: threshold, file: $1, line: $2) }
    }
}

/// Every element moved by `lambda` towards 0, and 0 if it is nearer.
public final class Softshrink: FunctionLayer {
    public let function: TensorFunction
    public init(lambda: Double = 0.5) { function = .init { $0.softshrink(lambda: lambda, file: $1, line: $2) } }
}

/// `x / (1 + |x|)` of every element.
public final class Softsign: FunctionLayer {
    public let function = TensorFunction { $0.softsign(file: $1, line: $2) }
    public init() {}
}

/// The hyperbolic tangent of every element; any shape.
public final class Tanh: FunctionLayer {
    public let function = TensorFunction(.tanh)
    public init() {}
}

/// `x - tanh(x)` of every element.
public final class Tanhshrink: FunctionLayer {
    public let function = TensorFunction { $0.tanhshrink(file: $1, line: $2) }
    public init() {}
}

/// Every element that exceeds the first number, else the second.
public final class Threshold: FunctionLayer {
    public let function: TensorFunction
    public init(_ threshold: Double, _ value: Double) {
        function = .init { $0.threshold(threshold, value, file: $1, line: $2) }
    }
}

/// The first half along an axis times the logistic function of the second: ``Tensor/glu(axis:file:line:)``.
public final class GLU: FunctionLayer {
    public let function: TensorFunction
    public init(axis: Int = -1) { function = .init { $0.glu(axis: axis, file: $1, line: $2) } }
}

/// The softmax of the negated values along an axis.
public final class Softmin: FunctionLayer {
    public let function: TensorFunction
    public init(axis: Int) { function = .init { $0.softmin(axis: axis, file: $1, line: $2) } }
}

/// `exp(x) / Σ exp(x)` along an axis.
public final class Softmax: FunctionLayer {
    public let function: TensorFunction
    public init(axis: Int) { function = .init { $0.softmax(axis: axis, file: $1, line: $2) } }
}

/// The softmax over the channels of each place: of `[…, channels, height, width]`, with a batch's axis or without.
public final class Softmax2d: FunctionLayer {
    public let function = TensorFunction { input, file, line in
        if input.rank == 3 || input.rank == 4 { return input.softmax(axis: -3, file: file, line: line) }
        refuse("Softmax2d", "shape \(input.shape) has not 3 or 4 dimensions", at: CallSite(file, line))
        return .failed(like: input)
    }
    public init() {}
}

/// The logarithm of the softmax along an axis.
public final class LogSoftmax: FunctionLayer {
    public let function: TensorFunction
    public init(axis: Int) { function = .init { $0.logSoftmax(axis: axis, file: $1, line: $2) } }
}

/// The input.
public final class Identity: FunctionLayer {
    public let function = TensorFunction { input, _, _ in input }
    public init() {}
}
