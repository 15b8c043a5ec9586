public import WeftTensor

/// What becomes of divergences.
public enum DivergenceReduction: Sendable {
    /// Each element's is kept.
    case none
    /// Their mean over all elements, which is no divergence.
    case mean
    /// Their sum.
    case sum
    /// Their sum divided by the first size: the divergence, averaged over a batch.
    case batchMean
}

/// The terms of the divergence of distributions (Kullback and Leibler, 1951) of which logarithms x are given, from targets
/// y: `y (log y - x)`, averaged by default.
///
/// - Parameters:
///   - prediction: any shape.
///   - target: the same shape; where it is 0, so is the term.
///   - logTarget: whether the target is a logarithm too.
/// - Returns: a scalar, unless `reduction` is `.none`. Refused if the shapes differ.
public func klDiv(
    _ prediction: Tensor,
    _ target: Tensor,
    reduction: DivergenceReduction = .mean,
    logTarget: Bool = false,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    let kept: Reduction =
        switch reduction {
        case .none: .none
        case .mean: .mean
        case .sum, .batchMean: .sum
        }
    let loss = elementwiseLoss(prediction, target, kept, Call("klDiv", file, line)) { x, y in
        if logTarget { return y.exp() * (y - x) }
        let isZero = y .== 0
        return `where`(isZero, 0.0, y * `where`(isZero, 1.0, y).log()) - y * x
    }
    guard reduction == .batchMean else { return loss }
    return loss / Double(prediction.rank == 0 ? 1 : prediction.extent(0))
}

/// The negative log-likelihood of targets y under normal distributions with expectations x and variances v: `(log v +
/// (x - y)² / v) / 2`, averaged by default.
///
/// - Parameters:
///   - prediction: any shape.
///   - target: a shape that broadcasts with it.
///   - variance: the same shape as `prediction`, or sizes of 1 there, or without its last axis. As at least `epsilon` in the
///     loss, and not for its gradient.
///   - full: whether the constant `log(2π) / 2` is added.
/// - Returns: a scalar, unless `reduction` is `.none`. Refused for other shapes, and for a negative variance.
public func gaussianNLLLoss(
    _ prediction: Tensor,
    _ target: Tensor,
    variance: Tensor,
    full: Bool = false,
    epsilon: Double = 1e-6,
    reduction: Reduction = .mean,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    checkedLoss(prediction, target, reduction, Call("gaussianNLLLoss", file, line)) { call throws(Refusal) in
        let isColumn = variance.shape == Array(prediction.shape.dropLast()) && prediction.rank > 0
        let fits =
            variance.rank == prediction.rank
            && zip(variance.shape, prediction.shape).allSatisfy { $0 == $1 || $0 == 1 }
        try call.require(
            fits || isColumn,
            "a variance of shape \(variance.shape) does not fit a prediction of shape \(prediction.shape)"
        )
        try call.require(
            variance.isFailed || (variance .< 0).sum().item(as: Int.self) == 0,
            "there are negative variances"
        )
        try call.require(
            prediction.broadcasts(with: target),
            "a target of shape \(target.shape) does not fit a prediction of shape \(prediction.shape)"
        )
        let given = fits ? variance : variance.unsqueezed(axis: -1)
        let floor = Tensor.maximum(given, Tensor(epsilon, dtype: given.dtype.isFloatingPoint ? given.dtype : .float32))
        let spread = given + (floor - given).detached()
        let losses = (spread.log() + (prediction - target).square() / spread) * 0.5
        return full ? losses + halfLogTau : losses
    }
}

extension Tensor {
    /// Whether the shapes of both broadcast.
    fileprivate func broadcasts(with other: Tensor) -> Bool {
        zip(shape.reversed(), other.shape.reversed()).allSatisfy { $0 == $1 || $0 == 1 || $1 == 1 }
    }
}

/// log(2π) / 2.
private let halfLogTau = 0.918938533204672741780329736406
