import Weft

/// Normalizations.
extension ConformanceSuite {
    static let norms: [String: CaseOperation] = [
        "nn.functional.layer_norm": { a in
            [
                try a.tensor(0, "input").layerNorm(
                    try a.intOrInts(1, "normalized_shape"),
                    weight: try a.optionalTensor(2, "weight"),
                    bias: try a.optionalTensor(3, "bias"),
                    epsilon: try a.double(4, "eps", or: 1e-5)
                )
            ]
        },
        "nn.functional.rms_norm": { a in
            [
                try a.tensor(0, "input").rmsNorm(
                    try a.intOrInts(1, "normalized_shape"),
                    weight: try a.optionalTensor(2, "weight"),
                    epsilon: try a.optionalDouble(3, "eps")
                )
            ]
        },
        "nn.functional.group_norm": { a in
            [
                try a.tensor(0, "input").groupNorm(
                    groups: try a.int(1, "num_groups"),
                    weight: try a.optionalTensor(2, "weight"),
                    bias: try a.optionalTensor(3, "bias"),
                    epsilon: try a.double(4, "eps", or: 1e-5)
                )
            ]
        },
        "nn.functional.local_response_norm": { a in
            [
                try a.tensor(0, "input").localResponseNorm(
                    size: try a.int(1, "size"),
                    alpha: try a.double(2, "alpha", or: 1e-4),
                    beta: try a.double(3, "beta", or: 0.75),
                    k: try a.double(4, "k", or: 1)
                )
            ]
        },
        "norm": norm,
        "norm.fro": norm,
        "norm.inf": norm,
        "dist": { a in
            [try a.tensor(0, "input").distance(to: try a.tensor(1, "other"), p: try a.double(2, "p", or: 2))]
        },
        "cdist": { a in
            // By which product distances are computed is no matter of the result.
            _ = try a.optionalString(3, "compute_mode")
            let p = try a.double(2, "p", or: 2)
            return [try a.tensor(0, "x1").pairwiseDistances(to: try a.tensor(1, "x2"), p: p)]
        },
        "renorm": { a in
            let (p, axis) = (try a.double(1, "p"), try a.int(2, "dim"))
            return [try a.tensor(0, "input").renormalized(p, axis: axis, maximum: try a.double(3, "maxnorm"))]
        },
        "nn.functional.normalize": { a in
            [
                try a.tensor(0, "input").normalized(
                    p: try a.double(1, "p", or: 2),
                    axis: try a.int(2, "dim", or: 1),
                    epsilon: try a.double(3, "eps", or: 1e-12)
                )
            ]
        },
        "nn.functional.batch_norm": batchNorm,
        "nn.functional.batch_norm.without_cudnn": batchNorm,
        "nn.functional.instance_norm": { a in
            let x = try a.tensor(0, "input")
            let (weight, bias) = (try a.optionalTensor(3, "weight"), try a.optionalTensor(4, "bias"))
            let usesInput = try a.bool(5, "use_input_stats", or: true)
            let (momentum, epsilon) = (try a.double(6, "momentum", or: 0.1), try a.double(7, "eps", or: 1e-5))
            let (mean, variance) = (try a.optionalTensor(1, "running_mean"), try a.optionalTensor(2, "running_var"))
            guard var mean, var variance else { return [x.instanceNorm(weight: weight, bias: bias, epsilon: epsilon)] }
            return [
                x.instanceNorm(
                    runningMean: &mean,
                    runningVar: &variance,
                    weight: weight,
                    bias: bias,
                    useInputStats: usesInput,
                    momentum: momentum,
                    epsilon: epsilon
                )
            ]
        },
        "nn.functional.dropout": drop(training: true) { x, p, trains in
            dropout(x, probability: p, training: trains)
        },
        "nn.functional.dropout2d": drop(training: true) { x, p, trains in
            dropout2d(x, probability: p, training: trains)
        },
        "nn.functional.alpha_dropout": drop(training: false) { x, p, trains in
            alphaDropout(x, probability: p, training: trains)
        },
    ]

    private static let norm: CaseOperation = { a in
        let input = try a.tensor(0, "input")
        var p = 2.0
        if a.has(1, "p") {
            if case .value(.string(let name)) = a.raw(1, "p") {
                guard name == "fro" else { throw CaseError("a norm \(name)") }
            } else {
                p = try a.double(1, "p")
            }
        }
        let axes = try a.optionalInts(2, "dim")
        return [input.norm(p, axes: axes == [] ? nil : axes, keepDims: try a.bool(3, "keepdim", or: false))]
    }

    private static let batchNorm: CaseOperation = { a in
        let x = try a.tensor(0, "input")
        let (weight, bias) = (try a.optionalTensor(3, "weight"), try a.optionalTensor(4, "bias"))
        let training = try a.bool(5, "training", or: false)
        let (momentum, epsilon) = (try a.double(6, "momentum", or: 0.1), try a.double(7, "eps", or: 1e-5))
        let (mean, variance) = (try a.optionalTensor(1, "running_mean"), try a.optionalTensor(2, "running_var"))
        guard var mean, var variance else { return [x.batchNorm(weight: weight, bias: bias, epsilon: epsilon)] }
        return [
            x.batchNorm(
                runningMean: &mean,
                runningVar: &variance,
                weight: weight,
                bias: bias,
                training: training,
                momentum: momentum,
                epsilon: epsilon
            )
        ]
    }

    private static func drop(
        training: Bool,
        _ function: @escaping @Sendable (Tensor, Double, Bool) -> Tensor
    ) -> CaseOperation {
        { a in
            let (x, p) = (try a.tensor(0, "input"), try a.double(1, "p", or: 0.5))
            let trains = try a.bool(2, "training", or: training)
            if trains && p > 0 && p < 1 { throw LeftOut(reason: "random") }
            return [function(x, p, trains)]
        }
    }
}
