public import WeftTensor

/// The negative log-likelihood of the target classes, of which logarithms of probabilities are given, averaged by default.
///
/// - Parameters:
///   - logProbabilities: shape `[n, classes]`, or `[classes]`, or `[n, classes, …]`.
///   - target: the classes, int64, in the shape of the first without its axis of classes.
///   - weight: shape `[classes]`, what the losses of each class are multiplied by; a mean is divided by the sum of these.
///   - ignoreIndex: a target that counts for nothing, and gets no gradient.
/// - Returns: a scalar, or the losses in the shape of `target` if `reduction` is `.none`. Refused if the shapes or dtypes do
///   not match, or a target is not a class.
public func nllLoss(
    _ logProbabilities: Tensor,
    _ target: Tensor,
    weight: Tensor? = nil,
    ignoreIndex: Int = -100,
    reduction: Reduction = .mean,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    classLoss(logProbabilities, Call("nllLoss", file, line), target, reduction) { call throws(Refusal) in
        let picked = try PickedClasses(logProbabilities, target, weight, ignoreIndex, call)
        return picked.losses(reduction)
    }
}

/// The cross-entropy of logits with a weight for each class, or with probabilities as the target.
func composedCrossEntropy(
    _ logits: Tensor,
    _ target: Tensor,
    weight: Tensor?,
    reduction: Reduction,
    ignoreIndex: Int,
    labelSmoothing: Double,
    _ call: Call
) -> Tensor {
    classLoss(logits, call, target, reduction) { call throws(Refusal) in
        try call.require(logits.rank > 0, "a scalar has no classes")
        try call.require(
            (0...1).contains(labelSmoothing),
            "label smoothing is \(labelSmoothing); from 0 to 1 is wanted"
        )
        let axis = logits.rank == 1 ? 0 : 1
        let classes = logits.extent(axis)
        try call.require(
            weight.map { $0.shape == [classes] } ?? true,
            "a weight of shape \(weight?.shape ?? []) does not fit: [\(classes)] is wanted"
        )
        let likelihoods = logits.logSoftmax(axis: axis)
        func spread(_ weight: Tensor) -> Tensor {
            weight.reshaped([classes] + Array(repeating: 1, count: logits.rank - 1 - axis))
        }
        let weighted = weight.map { likelihoods * spread($0) } ?? likelihoods
        if target.dtype.isFloatingPoint {
            try call.require(
                target.hasSameShape(as: logits),
                "probabilities of shape \(target.shape) do not fit logits of shape \(logits.shape)"
            )
            let isSharp = labelSmoothing == 0
            let smoothed = isSharp ? target : target * (1 - labelSmoothing) + labelSmoothing / Double(classes)
            let losses = -(weighted * smoothed).sum(axis: axis)
            return reduction == .mean ? losses.sum() / Double(losses.count) : losses.reduced(reduction)
        }
        let picked = try PickedClasses(likelihoods, target, weight, ignoreIndex, call)
        let hard = picked.losses(reduction)
        if labelSmoothing == 0 { return hard }
        let even = `where`(picked.isKept, -weighted.sum(axis: axis), 0.0)
        let soft = reduction == .mean ? even.sum() / picked.weights.sum() : even.reduced(reduction)
        return hard * (1 - labelSmoothing) + soft * (labelSmoothing / Double(classes))
    }
}

/// What is picked by classes.
private struct PickedClasses {
    /// The numbers of the target classes.
    let values: Tensor
    /// Whether each counts, and by how much: 0 where it does not.
    let isKept, weights: Tensor

    init(_ x: Tensor, _ target: Tensor, _ weight: Tensor?, _ ignoreIndex: Int, _ call: Call) throws(Refusal) {
        let axis = x.rank == 1 ? 0 : 1
        let samples = x.shape.enumerated().filter { $0.offset != axis }.map(\.element)
        try call.require(
            x.rank > 0 && x.dtype.isFloatingPoint && target.dtype == .int64 && target.shape == samples,
            "\(x.dtype) numbers of shape \(x.shape) and a \(target.dtype) target of shape \(target.shape) do not fit: "
                + "[n, classes, …] floating-point numbers and [n, …] int64 classes are wanted"
        )
        let classes = x.extent(axis)
        try call.require(
            weight.map { $0.shape == [classes] } ?? true,
            "a weight of shape \(weight?.shape ?? []) does not fit: [\(classes)] is wanted"
        )
        let isKept = target .!= ignoreIndex
        let labels = `where`(isKept, target, 0)
        try call.requireClasses(labels, below: classes)
        self.isKept = isKept
        let kept = isKept.to(x.dtype)
        weights = weight.map { $0.indexSelect(axis: 0, labels.flattened()).reshaped(samples) * kept } ?? kept
        values = x.gather(axis: axis, labels.unsqueezed(axis: axis)).squeezed(axis: axis)
    }

    func losses(_ reduction: Reduction) -> Tensor {
        // Also where what is ignored is infinite.
        let losses = `where`(isKept, -(values * weights), 0.0)
        return reduction == .mean ? losses.sum() / weights.sum() : losses.reduced(reduction)
    }
}

/// What `loss` gives, which is reduced; its refusals, and those of all operations that it is made of, are the call's.
private func classLoss(
    _ x: Tensor,
    _ call: Call,
    _ target: Tensor,
    _ reduction: Reduction,
    _ loss: (Call) throws(Refusal) -> Tensor
) -> Tensor {
    var samples = x.shape
    if !samples.isEmpty { samples.remove(at: samples.count == 1 ? 0 : 1) }
    let standIn = reduction == .none ? Layout(nearest: samples) : Layout()
    return refusing(as: call.operation, at: call.site) {
        call.checked(standIn: standIn, x.dtype.isFloatingPoint ? x.dtype : .float32, loss)
    }
}
