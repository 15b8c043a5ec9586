public import WeftTensor

/// The negative log-likelihood of the target classes under `softmax(logits)`, averaged by default.
///
/// - Parameters:
///   - logits: shape `[n, classes]`, or `[classes]`, or `[n, classes, …]`; float32 or float64.
///   - target: the classes, int64, in the shape of `logits` without its axis of classes; or probabilities of all classes,
///     floating point, in the shape of `logits`.
///   - weight: shape `[classes]`, what the losses of each class are multiplied by; a mean over classes is divided by the sum
///     of these. Without it, and with classes, a loss is one step of the tape.
///   - reduction: what to do with the losses; the mean is over those that are not ignored.
///   - ignoreIndex: a target that counts for nothing, and gets no gradient.
///   - labelSmoothing: from 0 to 1, the share of every target that is spread evenly over all classes (Szegedy et al.,
///     2016).
/// - Returns: a scalar, or the losses in the shape of `target` if `reduction` is `.none`. Refused if the shapes or dtypes
///   do not match, or a target is not a class.
public func crossEntropy(
    _ logits: Tensor,
    _ target: Tensor,
    weight: Tensor? = nil,
    reduction: Reduction = .mean,
    ignoreIndex: Int = -100,
    labelSmoothing: Double = 0,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    if weight != nil || target.dtype.isFloatingPoint {
        return composedCrossEntropy(
            logits,
            target,
            weight: weight,
            reduction: reduction,
            ignoreIndex: ignoreIndex,
            labelSmoothing: labelSmoothing,
            Call("crossEntropy", file, line)
        )
    }
    return logits.crossEntropy(
        target,
        reduction: reduction,
        ignoreIndex: ignoreIndex,
        labelSmoothing: labelSmoothing,
        file: file,
        line: line
    )
}
