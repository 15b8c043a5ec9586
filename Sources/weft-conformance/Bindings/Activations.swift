import Weft

/// Activation functions.
extension ConformanceSuite {
    static let activations: [String: CaseOperation] = [
        "nn.functional.relu": activation { x, _ in x.relu() },
        "nn.functional.relu6": activation { x, _ in x.relu6() },
        "nn.functional.silu": activation { x, _ in x.silu() },
        "nn.functional.mish": activation { x, _ in x.mish() },
        "nn.functional.hardswish": activation { x, _ in x.hardswish() },
        "nn.functional.hardsigmoid": activation { x, _ in x.hardsigmoid() },
        "nn.functional.logsigmoid": activation { x, _ in x.logSigmoid() },
        "nn.functional.softsign": activation { x, _ in x.softsign() },
        "nn.functional.tanhshrink": activation { x, _ in x.tanhshrink() },
        "nn.functional.selu": activation { x, _ in x.selu() },
        "nn.functional.elu": activation { x, a in x.elu(alpha: try a.double(1, "alpha", or: 1)) },
        "nn.functional.celu": activation { x, a in x.celu(alpha: try a.double(1, "alpha", or: 1)) },
        "nn.functional.leaky_relu": activation { x, a in
            x.leakyRelu(negativeSlope: try a.double(1, "negative_slope", or: 0.01))
        },
        "nn.functional.hardshrink": activation { x, a in x.hardshrink(lambda: try a.double(1, "lambd", or: 0.5)) },
        "nn.functional.softshrink": activation { x, a in x.softshrink(lambda: try a.double(1, "lambd", or: 0.5)) },
        "nn.functional.hardtanh": activation { x, a in
            x.hardtanh(min: try a.double(1, "min_val", or: -1), max: try a.double(2, "max_val", or: 1))
        },
        "nn.functional.threshold": activation { x, a in
            x.threshold(try a.double(1, "threshold"), try a.double(2, "value"))
        },
        "nn.functional.softplus": activation { x, a in
            x.softplus(beta: try a.double(1, "beta", or: 1), threshold: try a.double(2, "threshold", or: 20))
        },
        "nn.functional.gelu": activation { x, a in
            switch try a.string(1, "approximate", or: "none") {
            case "none": return x.gelu()
            case "tanh": return x.gelu(approximate: .tanh)
            case let other: throw CaseError("there is no approximation called \(other)")
            }
        },
        "nn.functional.prelu": activation { x, a in x.prelu(try a.tensor(1, "weight")) },
        "nn.functional.glu": activation { x, a in x.glu(axis: try a.int(1, "dim", or: -1)) },
        "nn.functional.rrelu": activation { x, a in
            let (lower, upper) = (try a.double(1, "lower", or: 1.0 / 8), try a.double(2, "upper", or: 1.0 / 3))
            return x.rrelu(lower: lower, upper: upper, training: try a.bool(3, "training", or: false))
        },
    ]

    /// An activation, which may be asked to overwrite its input: a tensor is a value, so that it never does.
    private static func activation(
        _ function: @escaping @Sendable (Tensor, CaseArguments) throws -> Tensor
    ) -> CaseOperation {
        { arguments in
            let result = try function(try arguments.tensor(0, "input"), arguments)
            _ = try arguments.bool(99, "inplace", or: false)
            return [result]
        }
    }
}
