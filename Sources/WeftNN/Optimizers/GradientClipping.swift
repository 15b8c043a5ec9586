public import WeftTensor

/// Scales the gradients of `parameters` together so that their norm, that of all elements of all of them, is at most
/// `maxNorm`.
///
/// ```swift
/// loss.backward()
/// clipGradNorm(model.parameters, maxNorm: 1)
/// optimizer.step()
/// ```
///
/// As `torch.nn.utils.clip_grad_norm_`: every element is multiplied by `maxNorm / (norm + 1e-6)` where that is less than
/// 1. Where the norm is infinite, the infinite elements become NaN and the others 0; where it is NaN, all do. A norm that
/// is finite in float64 is found whatever its elements: neither the squares of large numbers overflow, nor do those of
/// small ones vanish. Its bits do not depend on threads.
///
/// Parameters without a gradient are passed over, and one that occurs twice counts once. To be called by the task that
/// trains: who reads a gradient meanwhile finds none.
///
/// - Parameters:
///   - maxNorm: the greatest norm, 0 or more; infinite to measure only.
///   - normType: the order p of the norm, `(Σ |g|ᵖ)^(1/p)`, above 0; `.infinity` for the greatest magnitude.
///   - errorIfNonfinite: whether a norm that is NaN or infinite is refused, with the gradients left as they are.
/// - Returns: the norm before, a scalar of the dtype that the gradients have or are promoted to; 0 without any gradient.
@discardableResult
public func clipGradNorm(
    _ parameters: [Parameter],
    maxNorm: Double,
    normType: Double = 2,
    errorIfNonfinite: Bool = false,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    clipGradientNorm(
        of: parameters.map(\.leaf),
        to: maxNorm,
        order: normType,
        errorIfNonfinite: errorIfNonfinite,
        at: CallSite(file, line)
    )
}

/// Brings every element of the gradients of `parameters` between `-clipValue` and `clipValue`, 0 or more.
///
/// As `torch.nn.utils.clip_grad_value_`: NaN stays NaN. Parameters without a gradient are passed over. To be called by the
/// task that trains: who reads a gradient meanwhile finds none.
public func clipGradValue(
    _ parameters: [Parameter],
    clipValue: Double,
    file: StaticString = #fileID,
    line: UInt = #line
) {
    clipGradientValue(of: parameters.map(\.leaf), to: clipValue, at: CallSite(file, line))
}
