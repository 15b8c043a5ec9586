public import WeftTensor

/// `input` with elements set to 0 at random, each with `probability`, and the others multiplied by `1 / (1 - probability)`;
/// without `training` the input as it is. As the layer ``Dropout``, which goes by the mode of training.
///
/// Refused unless `probability` is from 0 to 1.
public func dropout(
    _ input: Tensor,
    probability: Double = 0.5,
    training: Bool = true,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    let drop = RandomDrop(probability, "dropout", ranks: nil, at: CallSite(file, line))
    return drop.dropped(input, isTraining: training, at: CallSite(file, line))
}

/// As ``dropout(_:probability:training:file:line:)`` of whole channels, of shape `[batch, channels, height, width]`; three
/// dimensions are `[batch, channels, length]`. As the layer ``Dropout2d``.
public func dropout2d(
    _ input: Tensor,
    probability: Double = 0.5,
    training: Bool = true,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    let drop = RandomDrop(probability, "dropout2d", ranks: 3...4, at: CallSite(file, line))
    return drop.dropped(input, isTraining: training, at: CallSite(file, line))
}

/// `input` with elements set to the least value of ``SELU`` at random, each with `probability`, and all scaled and moved so
/// that mean 0 and variance 1 stay; without `training` the input as it is. As the layer ``AlphaDropout``.
///
/// Refused unless `probability` is from 0 to 1.
public func alphaDropout(
    _ input: Tensor,
    probability: Double = 0.5,
    training: Bool = false,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    let drop = RandomDrop(probability, "alphaDropout", ranks: nil, keepsVariance: true, at: CallSite(file, line))
    return drop.dropped(input, isTraining: training, at: CallSite(file, line))
}
