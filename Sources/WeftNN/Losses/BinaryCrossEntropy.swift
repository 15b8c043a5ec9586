public import WeftTensor

/// The cross-entropy of probabilities x of truth and targets y from 0 to 1, `-(y log x + (1 - y) log(1 - x))`, averaged by
/// default. Logarithms are at least -100, so that losses are finite. Logits are better given to
/// ``binaryCrossEntropyWithLogits(_:_:weight:posWeight:reduction:file:line:)``.
///
/// - Parameters:
///   - prediction: any shape and floating-point dtype, from 0 to 1.
///   - target: the same shape.
///   - weight: what each loss is multiplied by; broadcasts.
/// - Returns: a scalar, unless `reduction` is `.none`. Refused if shapes do not fit or a prediction is no probability.
public func binaryCrossEntropy(
    _ prediction: Tensor,
    _ target: Tensor,
    weight: Tensor? = nil,
    reduction: Reduction = .mean,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    checkedLoss(prediction, target, reduction, Call("binaryCrossEntropy", file, line)) { call throws(Refusal) in
        try call.require(
            prediction.hasSameShape(as: target) && prediction.dtype == target.dtype && target.dtype.isFloatingPoint,
            "a \(prediction.dtype) prediction of shape \(prediction.shape) and a \(target.dtype) target of shape "
                + "\(target.shape) do not fit: floating-point numbers of one dtype and shape are wanted"
        )
        let wrong = (.!((prediction .>= 0) .& (prediction .<= 1))).sum().item(as: Int.self)
        try call.require(wrong == 0 || prediction.isFailed, "\(wrong) predictions are not from 0 to 1")
        let losses = differentiable("binaryCrossEntropy", [prediction, target], file: file, line: line) { inputs in
            let (x, y) = (inputs[0], inputs[1])
            return (outputs: [-(y * x.clampedLog + (1 - y) * (1 - x).clampedLog)], saved: [])
        } derivative: { gradients, step in
            let (x, y) = (step.inputs[0], step.inputs[1])
            let slope = (x - y) / Tensor.maximum((1 - x) * x, Tensor(1e-12, dtype: x.dtype))
            return [gradients[0] * slope, gradients[0] * ((1 - x).clampedLog - x.clampedLog)]
        }[0]
        return try losses.weighted(weight, call)
    }
}

/// The cross-entropy of logits x and targets y from 0 to 1, `-(y log σ(x) + (1 - y) log(1 - σ(x)))`, computed so that no
/// exponential overflows, and averaged by default.
///
/// - Parameters:
///   - logits: any shape and dtype.
///   - target: the same shape.
///   - weight: what each loss is multiplied by; broadcasts.
///   - posWeight: what the term of y alone is multiplied by; broadcasts.
/// - Returns: a scalar, unless `reduction` is `.none`. Refused if shapes do not fit.
public func binaryCrossEntropyWithLogits(
    _ logits: Tensor,
    _ target: Tensor,
    weight: Tensor? = nil,
    posWeight: Tensor? = nil,
    reduction: Reduction = .mean,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    checkedLoss(logits, target, reduction, Call("binaryCrossEntropyWithLogits", file, line)) { call throws(Refusal) in
        try call.require(
            logits.hasSameShape(as: target),
            "the logits have shape \(logits.shape) and the target \(target.shape)"
        )
        let positive = try posWeight.map { weight throws(Refusal) in
            try target.weighted(weight - 1, call) + 1
        }
        let likelihood = logits.logSigmoid()
        let losses = (1 - target) * logits - (positive.map { likelihood * $0 } ?? likelihood)
        return try losses.weighted(weight, call)
    }
}

/// The binary cross-entropy of logits, averaged over the classes, which lie along the last axis; and that averaged over
/// samples by default. As ``binaryCrossEntropyWithLogits(_:_:weight:posWeight:reduction:file:line:)``.
public func multilabelSoftMarginLoss(
    _ logits: Tensor,
    _ target: Tensor,
    weight: Tensor? = nil,
    reduction: Reduction = .mean,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    let call = Call("multilabelSoftMarginLoss", file, line)
    let standIn = Layout(nearest: Array(logits.shape.dropLast()))
    return checkedLoss(logits, target, reduction, call, layout: standIn) { call throws(Refusal) in
        try call.require(
            logits.hasSameShape(as: target),
            "the logits have shape \(logits.shape) and the target \(target.shape)"
        )
        let losses = -(target * logits.logSigmoid() + (1 - target) * (-logits).logSigmoid())
        return try losses.weighted(weight, call).mean(axis: -1)
    }
}

extension Tensor {
    /// The logarithm, or -100 where it is less.
    fileprivate var clampedLog: Tensor { Tensor.maximum(log(), Tensor(-100.0, dtype: dtype)) }

    /// These losses times `weight`, which broadcasts to them.
    func weighted(_ weight: Tensor?, _ call: Call) throws(Refusal) -> Tensor {
        guard let weight else { return self }
        try call.require(
            weight.layout.expanded(to: layout) != nil,
            "a weight of shape \(weight.shape) does not broadcast to losses of shape \(shape)"
        )
        return self * weight
    }
}
