public import WeftTensor

/// The squared differences of `prediction` and `target`, averaged by default: `mean((x - y)²)`.
///
/// - Parameters:
///   - prediction: any shape and dtype; the loss has the dtype of the difference, where integers beside floating point
///     change nothing, and alone are computed with as float32.
///   - target: the same shape, which is not broadcast: a `[n]` beside an `[n, 1]` would compare all with all.
///   - reduction: what to do with the differences, which `.none` leaves in their shape.
/// - Returns: a scalar, unless `reduction` is `.none`. Refused if the shapes differ.
public func mse(
    _ prediction: Tensor,
    _ target: Tensor,
    reduction: Reduction = .mean,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    prediction.squaredError(target, reduction: reduction, file: file, line: line)
}
