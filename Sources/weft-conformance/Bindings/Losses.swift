import Weft

/// Loss functions, and distances.
extension ConformanceSuite {
    static let losses: [String: CaseOperation] = [
        "nn.functional.mse_loss": loss { x, y, reduction, _ in mse(x, y, reduction: reduction) },
        "nn.functional.l1_loss": loss { x, y, reduction, _ in l1Loss(x, y, reduction: reduction) },
        "nn.functional.soft_margin_loss": loss { x, y, reduction, _ in softMarginLoss(x, y, reduction: reduction) },
        "nn.functional.huber_loss": loss { huberLoss($0, $1, reduction: $2, delta: try $3.double(99, "delta", or: 1)) },
        "nn.functional.smooth_l1_loss": loss {
            smoothL1Loss($0, $1, reduction: $2, beta: try $3.double(99, "beta", or: 1))
        },
        "nn.functional.hinge_embedding_loss": loss {
            hingeEmbeddingLoss($0, $1, margin: try $3.double(99, "margin", or: 1), reduction: $2)
        },
        "nn.functional.poisson_nll_loss": loss {
            poissonNLLLoss(
                $0,
                $1,
                logInput: try $3.bool(99, "log_input", or: true),
                full: try $3.bool(99, "full", or: false),
                epsilon: try $3.double(99, "eps", or: 1e-8),
                reduction: $2
            )
        },
        "nn.functional.binary_cross_entropy": loss {
            binaryCrossEntropy($0, $1, weight: try $3.optionalTensor(99, "weight"), reduction: $2)
        },
        "nn.functional.binary_cross_entropy_with_logits": loss {
            binaryCrossEntropyWithLogits(
                $0,
                $1,
                weight: try $3.optionalTensor(99, "weight"),
                posWeight: try $3.optionalTensor(99, "pos_weight"),
                reduction: $2
            )
        },
        "nn.functional.multilabel_soft_margin_loss": loss {
            multilabelSoftMarginLoss($0, $1, weight: try $3.optionalTensor(99, "weight"), reduction: $2)
        },
        "nn.functional.multilabel_margin_loss": loss { x, y, reduction, _ in
            multilabelMarginLoss(x, y, reduction: reduction)
        },
        "nn.functional.multi_margin_loss": loss {
            multiMarginLoss(
                $0,
                $1,
                p: try $3.int(99, "p", or: 1),
                margin: try $3.double(99, "margin", or: 1),
                weight: try $3.optionalTensor(99, "weight"),
                reduction: $2
            )
        },
        "nn.functional.nll_loss": loss {
            nllLoss(
                $0,
                $1,
                weight: try $3.optionalTensor(99, "weight"),
                ignoreIndex: try $3.int(99, "ignore_index", or: -100),
                reduction: $2
            )
        },
        "nn.functional.cross_entropy": loss {
            crossEntropy(
                $0,
                $1,
                weight: try $3.optionalTensor(99, "weight"),
                reduction: $2,
                ignoreIndex: try $3.int(99, "ignore_index", or: -100),
                labelSmoothing: try $3.double(99, "label_smoothing", or: 0)
            )
        },
        "nn.functional.kl_div": { a in
            let reductions: [String: DivergenceReduction] = [
                "none": .none, "mean": .mean, "sum": .sum, "batchmean": .batchMean,
            ]
            let name = try a.string(99, "reduction", or: "mean")
            guard let reduction = reductions[name] else { throw CaseError("there is no reduction \(name)") }
            return [
                klDiv(
                    try a.tensor(0, "input"),
                    try a.tensor(1, "target"),
                    reduction: reduction,
                    logTarget: try a.bool(99, "log_target", or: false)
                )
            ]
        },
        "nn.functional.gaussian_nll_loss": loss {
            gaussianNLLLoss(
                $0,
                $1,
                variance: try $3.tensor(2, "var"),
                full: try $3.bool(99, "full", or: false),
                epsilon: try $3.double(99, "eps", or: 1e-6),
                reduction: $2
            )
        },
        "nn.functional.margin_ranking_loss": loss {
            marginRankingLoss(
                $0,
                $1,
                try $3.tensor(2, "target"),
                margin: try $3.double(99, "margin", or: 0),
                reduction: $2
            )
        },
        "nn.functional.cosine_embedding_loss": loss {
            cosineEmbeddingLoss(
                $0,
                $1,
                try $3.tensor(2, "target"),
                margin: try $3.double(99, "margin", or: 0),
                reduction: $2
            )
        },
        "nn.functional.triplet_margin_loss": loss {
            tripletMarginLoss(
                $0,
                $1,
                try $3.tensor(2, "negative"),
                margin: try $3.double(99, "margin", or: 1),
                p: try $3.double(99, "p", or: 2),
                epsilon: try $3.double(99, "eps", or: 1e-6),
                swap: try $3.bool(99, "swap", or: false),
                reduction: $2
            )
        },
        "nn.functional.triplet_margin_with_distance_loss": loss {
            tripletMarginWithDistanceLoss(
                $0,
                $1,
                try $3.tensor(2, "negative"),
                margin: try $3.double(99, "margin", or: 1),
                swap: try $3.bool(99, "swap", or: false),
                reduction: $2,
                distance: try distance($3)
            )
        },
        "nn.functional.ctc_loss": loss {
            ctcLoss(
                $0,
                $1,
                inputLengths: try lengths($3, 2, "input_lengths"),
                targetLengths: try lengths($3, 3, "target_lengths"),
                blank: try $3.int(4, "blank", or: 0),
                reduction: $2,
                zeroInfinity: try $3.bool(99, "zero_infinity", or: false)
            )
        },
        "nn.functional.cosine_similarity": { a in
            [
                cosineSimilarity(
                    try a.tensor(0, "x1"),
                    try a.tensor(1, "x2"),
                    axis: try a.int(2, "dim", or: 1),
                    epsilon: try a.double(3, "eps", or: 1e-8)
                )
            ]
        },
        "nn.functional.pairwise_distance": { a in
            [
                pairwiseDistance(
                    try a.tensor(0, "x1"),
                    try a.tensor(1, "x2"),
                    p: try a.double(2, "p", or: 2),
                    epsilon: try a.double(3, "eps", or: 1e-6),
                    keepDims: try a.bool(4, "keepdim", or: false)
                )
            ]
        },
    ]

    /// A loss of two tensors or more.
    private static func loss(
        _ function: @escaping @Sendable (Tensor, Tensor, Reduction, CaseArguments) throws -> Tensor
    ) -> CaseOperation {
        { a in [try function(try a.tensor(0, "input"), try a.tensor(1, "target"), try reduction(a), a)] }
    }

    /// How a loss is reduced: its argument is always given by keyword.
    static func reduction(_ a: CaseArguments) throws -> Reduction {
        switch try a.string(99, "reduction", or: "mean") {
        case "none": .none
        case "sum": .sum
        case "mean": .mean
        case let name: throw CaseError("there is no reduction \(name)")
        }
    }

    /// Lengths in a list or in a tensor.
    private static func lengths(_ a: CaseArguments, _ place: Int, _ name: String) throws -> [Int] {
        a.isTensor(place, name) ? try a.tensor(place, name).array(of: Int.self) : try a.ints(place, name)
    }

    private static func distance(_ a: CaseArguments) throws -> (Tensor, Tensor) -> Tensor {
        guard case .value(.function("PairwiseDistance", let settings)) = a.raw(99, "distance_function") else {
            throw CaseError("no distance function that there is")
        }
        let (p, epsilon) = (settings["p"]?.number ?? 2, settings["eps"]?.number ?? 1e-6)
        return { pairwiseDistance($0, $1, p: p, epsilon: epsilon) }
    }
}
