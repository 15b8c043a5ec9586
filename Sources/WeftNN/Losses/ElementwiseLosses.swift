public import WeftTensor

/// The magnitudes of the differences of `prediction` and `target`, averaged by default: `mean(|x - y|)`.
///
/// - Parameters:
///   - prediction: any shape and dtype; integers are computed as float32.
///   - target: the same shape, which is not broadcast.
///   - reduction: what to do with the losses, which `.none` leaves in their shape.
/// - Returns: a scalar, unless `reduction` is `.none`. Refused if the shapes differ.
public func l1Loss(
    _ prediction: Tensor,
    _ target: Tensor,
    reduction: Reduction = .mean,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    elementwiseLoss(prediction, target, reduction, Call("l1Loss", file, line)) { x, y in (x - y).abs() }
}

/// Half the squared difference where that is smaller than `delta`, `delta · (|x - y| - delta / 2)` elsewhere (Huber, 1964),
/// averaged by default. As ``l1Loss(_:_:reduction:file:line:)``; refused unless `delta` is positive.
public func huberLoss(
    _ prediction: Tensor,
    _ target: Tensor,
    reduction: Reduction = .mean,
    delta: Double = 1,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    let call = Call("huberLoss", file, line)
    return elementwiseLoss(
        prediction,
        target,
        reduction,
        call,
        unless: delta > 0 ? nil : "delta is \(delta); it must be positive"
    ) { x, y in
        let distance = (x - y).abs()
        return `where`(distance .< delta, distance.square() * 0.5, (distance - 0.5 * delta) * delta)
    }
}

/// The Huber loss divided by `beta`: half the squared difference over `beta` where it is smaller than `beta`, `|x - y| -
/// beta / 2` elsewhere, which with a `beta` of 0 is ``l1Loss(_:_:reduction:file:line:)``; averaged by default. Refused if
/// `beta` is negative.
public func smoothL1Loss(
    _ prediction: Tensor,
    _ target: Tensor,
    reduction: Reduction = .mean,
    beta: Double = 1,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    let call = Call("smoothL1Loss", file, line)
    return elementwiseLoss(
        prediction,
        target,
        reduction,
        call,
        unless: beta >= 0 ? nil : "beta is \(beta); it cannot be negative"
    ) { x, y in
        let distance = (x - y).abs()
        if beta == 0 { return distance }
        return `where`(distance .< beta, distance.square() * (0.5 / beta), distance - 0.5 * beta)
    }
}

/// `log(1 + exp(-y x))` for targets y of 1 and -1, averaged by default. As ``l1Loss(_:_:reduction:file:line:)``.
public func softMarginLoss(
    _ prediction: Tensor,
    _ target: Tensor,
    reduction: Reduction = .mean,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    elementwiseLoss(prediction, target, reduction, Call("softMarginLoss", file, line)) { x, y in
        -(x * y).logSigmoid()
    }
}

/// x where the target is 1, `max(0, margin - x)` where it is -1, and both together elsewhere; averaged by default. As
/// ``l1Loss(_:_:reduction:file:line:)``.
public func hingeEmbeddingLoss(
    _ prediction: Tensor,
    _ target: Tensor,
    margin: Double = 1,
    reduction: Reduction = .mean,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    elementwiseLoss(prediction, target, reduction, Call("hingeEmbeddingLoss", file, line)) { x, y in
        `where`(y .== 1, 0.0, (margin - x).clampedAtZero) + `where`(y .== -1, 0.0, x)
    }
}

/// The negative log-likelihood of counts y under a Poisson distribution: `exp(x) - y x` of logarithms x of its rate, or
/// `x - y log(x + ε)` of the rate itself; averaged by default. As ``l1Loss(_:_:reduction:file:line:)``.
///
/// - Parameters:
///   - logInput: whether `prediction` is the rate's logarithm.
///   - full: whether `log(y!)` is added, by Stirling's formula, for targets above 1.
///   - epsilon: what keeps a rate of 0 from its logarithm.
public func poissonNLLLoss(
    _ prediction: Tensor,
    _ target: Tensor,
    logInput: Bool = true,
    full: Bool = false,
    epsilon: Double = 1e-8,
    reduction: Reduction = .mean,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    elementwiseLoss(prediction, target, reduction, Call("poissonNLLLoss", file, line)) { x, y in
        let losses = logInput ? x.exp() - x * y : x - y * (x + epsilon).log()
        guard full else { return losses }
        let isLarge = y .> 1
        let count = `where`(isLarge, y, 1)
        let stirling = count * count.log() - count + (count * (2 * Double.pi)).log() * 0.5
        return losses + `where`(isLarge, stirling, 0.0)
    }
}

/// The losses of the elements of two tensors of one shape, reduced.
///
/// - Parameter mistake: what is wrong with other arguments, if anything.
func elementwiseLoss(
    _ prediction: Tensor,
    _ target: Tensor,
    _ reduction: Reduction,
    _ call: Call,
    unless mistake: String? = nil,
    _ losses: (Tensor, Tensor) -> Tensor
) -> Tensor {
    checkedLoss(prediction, target, reduction, call) { call throws(Refusal) in
        if let mistake { throw call.refusal(mistake) }
        try call.require(
            prediction.hasSameShape(as: target),
            "the prediction has shape \(prediction.shape) and the target \(target.shape)"
        )
        return losses(prediction, target)
    }
}

/// What `losses` gives, reduced; its refusals, and those of all operations that it is made of, are the call's.
///
/// - Parameter layout: of the losses, as far as it can be told.
func checkedLoss(
    _ prediction: Tensor,
    _ target: Tensor,
    _ reduction: Reduction,
    _ call: Call,
    layout: Layout? = nil,
    _ losses: (Call) throws(Refusal) -> Tensor
) -> Tensor {
    let dtype = DType.promoted(prediction.dtype, target.dtype)
    let standIn = reduction == .none ? layout ?? prediction.layout.rowMajor : Layout()
    return refusing(as: call.operation, at: call.site) {
        call.checked(standIn: standIn, dtype.isFloatingPoint ? dtype : .float32) { call throws(Refusal) in
            try losses(call).reduced(reduction)
        }
    }
}

extension Tensor {
    /// These losses as `reduction` says.
    func reduced(_ reduction: Reduction) -> Tensor {
        switch reduction {
        case .none: self
        case .mean: mean()
        case .sum: sum()
        }
    }

    /// These numbers, or 0 where they are less; the gradient at 0 passes, as in PyTorch's `clamp_min`.
    var clampedAtZero: Tensor { `where`(self .< 0, 0.0, self) }
}
