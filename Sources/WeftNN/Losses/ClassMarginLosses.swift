public import WeftTensor

/// Of each sample the sum over all wrong classes of `max(0, margin - x[right] + x[wrong])` to the power `p`, divided by the
/// number of classes; averaged by default.
///
/// - Parameters:
///   - scores: shape [n, classes], or [classes]; a scalar is one class.
///   - target: the classes, int64, of shape [n]; a scalar, or shape [1], for one sample.
///   - p: 1 or 2.
///   - weight: shape [classes], what the losses of samples of each class are multiplied by.
/// - Returns: a scalar, or the losses of samples if `reduction` is `.none`. Refused for other arguments, without classes, and
///   for targets out of range.
public func multiMarginLoss(
    _ scores: Tensor,
    _ target: Tensor,
    p: Int = 1,
    margin: Double = 1,
    weight: Tensor? = nil,
    reduction: Reduction = .mean,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    let call = Call("multiMarginLoss", file, line)
    let outer = Layout(nearest: Array(scores.shape.dropLast()))
    return checkedLoss(scores, scores, reduction, call, layout: outer) { call throws(Refusal) in
        let (rows, classes, samples) = try scores.classRows(call)
        try call.require(
            target.rank <= 1 && target.count == samples && target.dtype == .int64,
            "a \(target.dtype) target of shape \(target.shape) does not fit scores of shape \(scores.shape): int64 classes of "
                + "shape [\(samples)] are wanted"
        )
        try call.require(p == 1 || p == 2, "the power is \(p); 1 and 2 are possible")
        try call.require(
            weight.map { $0.shape == [classes] } ?? true,
            "a weight of shape \(weight?.shape ?? []) does not fit: [\(classes)] is wanted"
        )
        try call.requireClasses(target, below: classes)
        let column = target.reshaped([samples, 1])
        let excess = margin - rows.gather(axis: 1, column) + rows
        let counts = (excess .> 0) .& (column .!= Tensor(arange: 0..<classes))
        let terms = `where`(counts, p == 1 ? excess : excess.square(), 0.0).mean(axis: 1)
        let losses = weight.map { terms * $0.indexSelect(axis: 0, column.flattened()) } ?? terms
        return losses.reshaped(outer.shape)
    }
}

/// Of each sample the sum over pairs of a right class and a wrong one of `max(0, 1 - x[right] + x[wrong])`, divided by the
/// number of classes; averaged by default.
///
/// - Parameters:
///   - scores: shape [n, classes], or [classes]; a scalar is one class.
///   - target: int64 of the same shape: the right classes of each sample, and behind them, if it is not all, -1.
/// - Returns: a scalar, or the losses of samples if `reduction` is `.none`. Refused for other shapes and dtypes, without
///   classes, and for targets out of range.
public func multilabelMarginLoss(
    _ scores: Tensor,
    _ target: Tensor,
    reduction: Reduction = .mean,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    let call = Call("multilabelMarginLoss", file, line)
    let outer = Layout(nearest: Array(scores.shape.dropLast()))
    return checkedLoss(scores, scores, reduction, call, layout: outer) { call throws(Refusal) in
        let (rows, classes, samples) = try scores.classRows(call)
        try call.require(
            target.shape == scores.shape && target.dtype == .int64,
            "a \(target.dtype) target of shape \(target.shape) does not fit scores of shape \(scores.shape)"
        )
        let labels = target.reshaped([samples, classes])
        // What comes behind the first negative number is none.
        let isNamed = (labels .< 0).cumulativeSum(axis: 1) .== 0
        let named = `where`(isNamed, labels, 0)
        try call.requireClasses(named, below: classes)
        let isRight = Tensor(zeros: [samples, classes]).scatterAdd(axis: 1, named, isNamed.to(.float32)) .> 0
        let excess = 1 - rows.gather(axis: 1, named).unsqueezed(axis: 2) + rows.unsqueezed(axis: 1)
        let counts = isNamed.unsqueezed(axis: 2) .& .!isRight.unsqueezed(axis: 1) .& (excess .> 0)
        let terms = `where`(counts, excess, 0.0)
        return (terms.sum(axes: [1, 2]) / Double(classes)).reshaped(outer.shape)
    }
}

extension Tensor {
    /// These scores as a matrix with a sample in each row, and its sizes.
    fileprivate func classRows(_ call: Call) throws(Refusal) -> (rows: Tensor, classes: Int, samples: Int) {
        let (classes, samples) = (rank == 0 ? 1 : extent(rank - 1), rank == 2 ? extent(0) : 1)
        try call.require(
            rank <= 2 && classes > 0,
            "scores of shape \(shape) do not fit: [n, classes] or [classes] with one class or more are wanted"
        )
        return (reshaped([samples, classes]), classes, samples)
    }
}

extension Call {
    /// Refuses numbers that are no classes.
    func requireClasses(_ target: Tensor, below classes: Int) throws(Refusal) {
        if target.isFailed || target.count == 0 { return }
        let (least, most) = (target.min().item(as: Int.self), target.max().item(as: Int.self))
        try require(
            least >= 0 && most < classes,
            "class \(least < 0 ? least : most) is out of range: 0 ..< \(classes) are valid"
        )
    }
}
