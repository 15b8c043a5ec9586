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
    ]
}
