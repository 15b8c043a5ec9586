import Weft

/// Normalization over the last axis (Ba et al., 2016), composed of simpler operations.
final class LayerNorm: Module {
    let weight: Parameter
    let bias: Parameter

    init(_ features: Int) {
        weight = Parameter(Tensor(ones: [features]))
        bias = Parameter(Tensor(zeros: [features]))
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        Self.normalized(x, weight: weight.value, bias: bias.value)
    }

    static func normalized(_ x: Tensor, weight: Tensor, bias: Tensor) -> Tensor {
        let centered = x - x.mean(axis: -1, keepDims: true)
        let variance = centered.square().mean(axis: -1, keepDims: true)
        return centered / (variance + 1e-5).sqrt() * weight + bias
    }
}
