public import WeftTensor

/// The negative log-likelihood of sequences of labels that are not aligned with the steps of time (Graves et al., 2006):
/// summed over all ways to write each label one or more times, with blanks between, over the input's steps.
///
/// - Parameters:
///   - logProbabilities: logarithms of probabilities that sum to 1 over the classes, of shape [steps, n, classes], or
///     [steps, classes] for one sequence.
///   - targets: int64 labels, of shape [n, labels], of which each row has as many as count, or all sequences one behind the
///     other.
///   - inputLengths: how many steps of each sequence count.
///   - targetLengths: how many labels each sequence has.
///   - blank: the class that stands for no label.
///   - reduction: `.mean` divides each loss by the number of its labels first.
///   - zeroInfinity: whether the infinite loss of a sequence that is too long for its steps counts as 0.
/// - Returns: a scalar, or the losses of shape [n] if `reduction` is `.none`. Refused for lengths and labels that do not fit.
///
/// The gradient is that of logits: it takes the exponentials for numbers that sum to 1, as PyTorch does. Behind
/// `logSoftmax`, which these logarithms come from, it makes no difference.
public func ctcLoss(
    _ logProbabilities: Tensor,
    _ targets: Tensor,
    inputLengths: [Int],
    targetLengths: [Int],
    blank: Int = 0,
    reduction: Reduction = .mean,
    zeroInfinity: Bool = false,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    let call = Call("ctcLoss", file, line)
    let isOne = logProbabilities.rank == 2
    let standIn = isOne || reduction != .none ? Layout() : Layout(nearest: [inputLengths.count])
    return checkedLoss(logProbabilities, logProbabilities, .none, call, layout: standIn) {
        call throws(Refusal) in
        let x = isOne ? logProbabilities.unsqueezed(axis: 1) : logProbabilities
        let labels = try LabelSequences(x, targets, inputLengths, targetLengths, blank, call)
        var losses = labels.losses(x)
        if zeroInfinity { losses = `where`(losses .== Double.infinity, 0.0, losses) }
        switch reduction {
        case .none: return isOne ? losses.squeezed(axis: 0) : losses
        case .sum: return losses.sum()
        case .mean: return (losses / Tensor(targetLengths.map { Double(max($0, 1)) }, dtype: losses.dtype)).mean()
        }
    }
}

/// Labels with blanks around each of them, as tensors for all sequences at once.
private struct LabelSequences {
    /// What stands for the logarithm of 0, where arithmetic with infinities would give gradients of NaN.
    private static let nothing = -1e30

    let inputLengths: [Int]
    let targetLengths: [Int]
    /// The classes of the places, blanks and labels in turn: [n, places].
    let classes: Tensor
    /// 0 where a place may follow the one before the last, `nothing` elsewhere: [n, places].
    let skips: Tensor
    /// Whether a way begins at a place: [n, places].
    let begins: Tensor

    init(
        _ x: Tensor,
        _ targets: Tensor,
        _ inputLengths: [Int],
        _ targetLengths: [Int],
        _ blank: Int,
        _ call: Call
    ) throws(Refusal) {
        try call.require(
            x.rank == 3 && x.dtype.isFloatingPoint && targets.dtype == .int64,
            "\(x.dtype) logarithms of shape \(x.shape) and \(targets.dtype) targets: [steps, n, classes] and int64 are wanted"
        )
        let (steps, count, classCount) = (x.extent(0), x.extent(1), x.extent(2))
        try call.require(
            inputLengths.count == count && targetLengths.count == count
                && inputLengths.allSatisfy((0...steps).contains) && targetLengths.allSatisfy { $0 >= 0 },
            "lengths \(inputLengths) of inputs and \(targetLengths) of targets do not fit \(count) sequences of \(steps) steps"
        )
        try call.require((0..<classCount).contains(blank), "the blank \(blank) is none of the \(classCount) classes")
        let longest = targetLengths.max() ?? 0
        let isMatrix = targets.rank == 2
        let fits =
            isMatrix
            ? targets.extent(0) == count && targets.extent(1) >= longest
            : targets.rank == 1 && targets.count >= targetLengths.reduce(0, +)
        try call.require(fits, "targets of shape \(targets.shape) are too few for lengths \(targetLengths)")
        let all = targets.isFailed ? Array(repeating: 0, count: targets.count) : targets.array(of: Int.self)
        let width = 2 * longest + 1
        var (classes, skips, begins) = ([Int](), [Double](), [Bool]())
        var start = 0
        for (sequence, length) in targetLengths.enumerated() {
            let first = isMatrix ? sequence * targets.extent(1) : start
            let labels = all[first..<(first + length)]
            start += length
            if let wrong = labels.first(where: { !(0..<classCount).contains($0) }) {
                throw call.refusal("the label \(wrong) is none of the \(classCount) classes")
            }
            for place in 0..<width {
                let label = place % 2 == 1 && place / 2 < length ? labels[first + place / 2] : blank
                classes.append(label)
                // The label before a blank cannot be passed over, nor a blank between equal labels.
                let follows = place > 1 && label != blank && label != classes[classes.count - 3]
                skips.append(follows ? 0 : Self.nothing)
                begins.append(place == 0 || (place == 1 && length > 0))
            }
        }
        (self.inputLengths, self.targetLengths) = (inputLengths, targetLengths)
        self.classes = Tensor(classes, dtype: .int64).reshaped([count, width])
        self.skips = Tensor(skips, dtype: x.dtype == .float64 ? .float64 : .float32).reshaped([count, width])
        self.begins = Tensor(begins, dtype: .bool).reshaped([count, width])
    }

    /// The losses, of shape [n]; infinite where no way is as short as the input.
    func losses(_ given: Tensor) -> Tensor {
        // Sums of many steps take more digits than 16 bits have.
        let x = given.to(skips.dtype)
        let (steps, count, width) = (x.extent(0), x.extent(1), classes.extent(1))
        let places = classes.unsqueezed(axis: 0).expanded(to: [steps, count, width])
        let emitted = x.gather(axis: 2, places)
        let lengths = Tensor(inputLengths).reshaped([count, 1])
        let never = Tensor(full: [count, 1], Self.nothing, dtype: x.dtype)
        // Before the first step a way is nowhere, which counts as the first place.
        let isFirst = Tensor(arange: 0..<width).unsqueezed(axis: 0).expanded(to: [count, width]) .== 0
        var ways = `where`(isFirst, 0.0, Tensor(full: [count, width], Self.nothing, dtype: x.dtype))
        for step in 0..<steps {
            let arrived: Tensor
            if step == 0 {
                arrived = `where`(begins, 0.0, Tensor(full: [count, width], Self.nothing, dtype: x.dtype))
            } else {
                let padded = concatenated([never, never, ways], axis: 1)
                let sources = [ways, padded[.ellipsis, 1..<(width + 1)], padded[.ellipsis, 0..<width] + skips]
                arrived = Self.logSum(sources)
            }
            ways = `where`(lengths .> step, arrived + emitted[step], ways)
        }
        // A way ends at the last label or the blank behind it.
        let last = Tensor(targetLengths.map { 2 * $0 }).reshaped([count, 1])
        let atBlank = ways.gather(axis: 1, last)
        let before = ways.gather(axis: 1, Tensor.maximum(last - 1, Tensor(0)))
        let total = Self.logSum([atBlank, `where`(last .== 0, Self.nothing, before)]).squeezed(axis: 1)
        let losses = `where`(total .< Self.nothing / 2, Double.infinity, -total)
        // The gradient of probabilities that sum to 1, and no value.
        let counts = Tensor(arange: 0..<steps).reshaped([steps, 1, 1]) .< Tensor(inputLengths).reshaped([1, count, 1])
        let sums = `where`(counts, x.exp(), 0.0).sum(axes: [0, 2])
        return `where`(losses .== Double.infinity, losses, losses + (sums - sums.detached())).to(given.dtype)
    }

    /// The logarithm of the sum of exponentials, element by element.
    private static func logSum(_ terms: [Tensor]) -> Tensor {
        let most = terms.dropFirst().reduce(terms[0].detached()) { Tensor.maximum($0, $1.detached()) }
        let sum = terms.dropFirst().reduce((terms[0] - most).exp()) { $0 + ($1 - most).exp() }
        return most + sum.log()
    }
}
