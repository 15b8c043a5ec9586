public import WeftTensor

/// `max(0, margin - y (x₁ - x₂))`, where y of 1 says that x₁ is to be greater, and -1 that x₂ is; averaged by default.
///
/// - Returns: a scalar, unless `reduction` is `.none`. Refused unless all three shapes are one.
public func marginRankingLoss(
    _ first: Tensor,
    _ second: Tensor,
    _ target: Tensor,
    margin: Double = 0,
    reduction: Reduction = .mean,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    checkedLoss(first, target, reduction, Call("marginRankingLoss", file, line)) { call throws(Refusal) in
        try call.require(
            first.hasSameShape(as: second) && first.hasSameShape(as: target),
            "shapes \(first.shape), \(second.shape) and \(target.shape) differ"
        )
        return (margin - target * (first - second)).clampedAtZero
    }
}

/// How far the cosine of vectors is from 1 where the target is 1, and how far above `margin` where it is -1; averaged by
/// default.
///
/// - Parameters:
///   - first: vectors, of shape [n, k] or [k].
///   - second: the same shape.
///   - target: shape [n], or a scalar.
/// - Returns: a scalar, or the losses in the target's shape if `reduction` is `.none`. Refused for other shapes.
public func cosineEmbeddingLoss(
    _ first: Tensor,
    _ second: Tensor,
    _ target: Tensor,
    margin: Double = 0,
    reduction: Reduction = .mean,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    let call = Call("cosineEmbeddingLoss", file, line)
    return checkedLoss(first, second, reduction, call, layout: target.layout.rowMajor) { call throws(Refusal) in
        try call.require(
            first.hasSameShape(as: second) && (1...2).contains(first.rank)
                && target.shape == Array(first.shape.dropLast()),
            "shapes \(first.shape), \(second.shape) and \(target.shape) do not fit: [n, k] twice and [n] are wanted, or [k] "
                + "twice and a scalar"
        )
        // Truth values are added up as numbers.
        func numbers(_ x: Tensor) -> Tensor { x.dtype == .bool ? x.to(.int64) : x }
        let (x, y) = (numbers(first), numbers(second))
        // PyTorch's guard against a length of 0.
        func squaredLength(_ x: Tensor) -> Tensor { (x * x).sum(axis: -1) + 1e-12 }
        let lengths = (squaredLength(x) * squaredLength(y)).sqrt()
        let cosine = (x * y).sum(axis: -1) / lengths
        let apart = `where`(target .== -1, (cosine - margin).clampedAtZero, 0.0)
        return `where`(target .== 1, 1 - cosine, 0.0) + apart
    }
}

/// `max(0, d(anchor, positive) - d(anchor, negative) + margin)` with the distance of order `p` between vectors along the
/// last axis (Balntas et al., 2016); averaged by default.
///
/// - Parameters:
///   - epsilon: what is added to every difference of elements.
///   - swap: whether the distance of `positive` from `negative` counts where it is less than the anchor's.
/// - Returns: a scalar, unless `reduction` is `.none`. Refused unless `margin` is positive and the tensors have equally many
///   dimensions, whose sizes broadcast.
public func tripletMarginLoss(
    _ anchor: Tensor,
    _ positive: Tensor,
    _ negative: Tensor,
    margin: Double = 1,
    p: Double = 2,
    epsilon: Double = 1e-6,
    swap: Bool = false,
    reduction: Reduction = .mean,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    tripletLoss((anchor, positive, negative), margin, swap, reduction, Call("tripletMarginLoss", file, line)) {
        pairwiseDistance($0, $1, p: p, epsilon: epsilon)
    }
}

/// As ``tripletMarginLoss(_:_:_:margin:p:epsilon:swap:reduction:file:line:)``, with a distance of one's own.
public func tripletMarginWithDistanceLoss(
    _ anchor: Tensor,
    _ positive: Tensor,
    _ negative: Tensor,
    margin: Double = 1,
    swap: Bool = false,
    reduction: Reduction = .mean,
    file: StaticString = #fileID,
    line: UInt = #line,
    distance: (Tensor, Tensor) -> Tensor = { pairwiseDistance($0, $1) }
) -> Tensor {
    let call = Call("tripletMarginWithDistanceLoss", file, line)
    return tripletLoss((anchor, positive, negative), margin, swap, reduction, call, distance)
}

private func tripletLoss(
    _ tensors: (anchor: Tensor, positive: Tensor, negative: Tensor),
    _ margin: Double,
    _ swap: Bool,
    _ reduction: Reduction,
    _ call: Call,
    _ distance: (Tensor, Tensor) -> Tensor
) -> Tensor {
    let (anchor, positive, negative) = tensors
    let standIn = Layout(nearest: Array(anchor.shape.dropLast()))
    return checkedLoss(anchor, positive, reduction, call, layout: standIn) { call throws(Refusal) in
        try call.require(margin > 0, "the margin is \(margin); it must be positive")
        try call.require(
            anchor.rank == positive.rank && anchor.rank == negative.rank,
            "shapes \(anchor.shape), \(positive.shape) and \(negative.shape) have different numbers of dimensions"
        )
        let near = distance(anchor, positive)
        var far = distance(anchor, negative)
        if swap { far = Tensor.minimum(far, distance(positive, negative)) }
        return (margin + near - far).clampedAtZero
    }
}
