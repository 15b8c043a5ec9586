import Weft

/// Reductions along axes.
extension ConformanceSuite {
    static let reductions: [String: CaseOperation] = [
        "all": reduction { x, axes, keeps in x.all(axes: axes, keepDims: keeps) },
        "any": reduction { x, axes, keeps in x.any(axes: axes, keepDims: keeps) },
        "amax": reduction { x, axes, keeps in x.max(axes: axes, keepDims: keeps) },
        "amin": reduction { x, axes, keeps in x.min(axes: axes, keepDims: keeps) },
        "sum": reduction { x, axes, keeps in x.sum(axes: axes, keepDims: keeps) },
        "nansum": reduction { x, axes, keeps in x.nanSum(axes: axes, keepDims: keeps) },
        "nanmean": reduction { x, axes, keeps in x.nanMean(axes: axes, keepDims: keeps) },
        "count_nonzero": reduction { x, axes, keeps in x.countNonzero(axes: axes, keepDims: keeps) },
        "logsumexp": reduction { x, axes, keeps in x.logSumExp(axes: axes, keepDims: keeps) },
        "mean": { a in
            let input = try a.tensor(0, "input")
            let dtype = try a.optionalDType(99, "dtype") ?? input.dtype
            // Weft takes means of integers as float32, which PyTorch counts as a mistake.
            guard dtype.isFloatingPoint else { throw CaseError("a mean of \(dtype)") }
            let axes = try namedAxes(a)
            return [input.to(dtype).mean(axes: axes, keepDims: try a.bool(2, "keepdim", or: false))]
        },
        "prod": { a in
            var input = try a.tensor(0, "input")
            if let dtype = try a.optionalDType(99, "dtype") { input = input.to(dtype) }
            let keeps = try a.bool(2, "keepdim", or: false)
            let axis = try a.optionalInt(1, "dim")
            let result = axis.map { input.product(axis: $0, keepDims: keeps) } ?? input.product(keepDims: keeps)
            // A product of truth values that is asked for as one is whether it is not 0.
            return [try a.optionalDType(99, "dtype") == .bool ? result.to(.bool) : result]
        },
        "argmax": place { x, axis, keeps in axis.map { x.argmax(axis: $0, keepDims: keeps) } ?? x.argmax() },
        "argmin": place { x, axis, keeps in axis.map { x.argmin(axis: $0, keepDims: keeps) } ?? x.argmin() },
        "aminmax": { a in
            let axis = try a.optionalInt(1, "dim")
            let found = try a.tensor(0, "input").extrema(axis: axis, keepDims: try a.bool(2, "keepdim", or: false))
            return [found.min, found.max]
        },
        "max.reduction_no_dim": unary { $0.max() },
        "min.reduction_no_dim": unary { $0.min() },
        "max.reduction_with_dim": { a in
            pair(try a.tensor(0, "input").max(axis: try a.int(1, "dim"), keepDims: try a.bool(2, "keepdim", or: false)))
        },
        "min.reduction_with_dim": { a in
            pair(try a.tensor(0, "input").min(axis: try a.int(1, "dim"), keepDims: try a.bool(2, "keepdim", or: false)))
        },
        "std": spread { x, axes, correction, keeps in
            [x.standardDeviation(axes: axes, correction: correction, keepDims: keeps)]
        },
        "std.unbiased": unbiased { x, correction in [x.standardDeviation(correction: correction)] },
        "var": spread { x, axes, correction, keeps in
            [x.variance(axes: axes, correction: correction, keepDims: keeps)]
        },
        "var.unbiased": unbiased { x, correction in [x.variance(correction: correction)] },
        "std_mean": spread { x, axes, correction, keeps in
            let both = x.standardDeviationAndMean(axes: axes, correction: correction, keepDims: keeps)
            return [both.deviation, both.mean]
        },
        "std_mean.unbiased": unbiased { x, correction in
            let both = x.standardDeviationAndMean(correction: correction)
            return [both.deviation, both.mean]
        },
        "var_mean": spread { x, axes, correction, keeps in
            let both = x.varianceAndMean(axes: axes, correction: correction, keepDims: keeps)
            return [both.variance, both.mean]
        },
        "var_mean.unbiased": unbiased { x, correction in
            let both = x.varianceAndMean(correction: correction)
            return [both.variance, both.mean]
        },
        "trace": unary { $0.trace() },
        "corrcoef": unary { $0.correlation() },
        "cov": { a in
            let input = try a.tensor(0, "input")
            return [
                input.covariance(
                    correction: try a.int(1, "correction", or: 1),
                    frequencyWeights: try a.optionalTensor(2, "fweights"),
                    weights: try a.optionalTensor(3, "aweights")
                )
            ]
        },
        "histc": { a in
            let input = try a.tensor(0, "input")
            return [
                input.histogram(
                    bins: try a.int(1, "bins", or: 100),
                    min: try a.double(2, "min", or: 0),
                    max: try a.double(3, "max", or: 0)
                )
            ]
        },
        "bincount": { a in
            let input = try a.tensor(0, "input")
            let weights = try a.optionalTensor(1, "weights")
            return [input.binCount(weights: weights, minimumLength: try a.int(2, "minlength", or: 0))]
        },
    ]

    static func pair(_ found: (values: Tensor, indices: Tensor)) -> [Tensor] { [found.values, found.indices] }

    /// The axes of a reduction: nil for all, which no axis at all says too.
    static func namedAxes(_ a: CaseArguments) throws -> [Int]? {
        let axes = try a.optionalInts(1, "dim")
        return axes == [] ? nil : axes
    }

    private static func place(_ function: @escaping @Sendable (Tensor, Int?, Bool) -> Tensor) -> CaseOperation {
        { a in
            let input = try a.tensor(0, "input")
            return [function(input, try a.optionalInt(1, "dim"), try a.bool(2, "keepdim", or: false))]
        }
    }

    private static func spread(
        _ function: @escaping @Sendable (Tensor, [Int], Double, Bool) -> [Tensor]
    ) -> CaseOperation {
        { a in
            let input = try a.tensor(0, "input")
            let axes = try namedAxes(a) ?? Array(0..<input.rank)
            let isUnbiased = try a.bool(99, "unbiased", or: true)
            let correction = try a.double(99, "correction", or: isUnbiased ? 1 : 0)
            return function(input, axes, correction, try a.bool(99, "keepdim", or: false))
        }
    }

    private static func unbiased(_ function: @escaping @Sendable (Tensor, Double) -> [Tensor]) -> CaseOperation {
        { a in function(try a.tensor(0, "input"), try a.bool(1, "unbiased", or: true) ? 1 : 0) }
    }
}
