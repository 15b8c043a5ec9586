public import WeftTensor

/// The Gaussian error linear unit, `x Φ(x)`, of every element, exact and not by tanh; any shape.
public final class GELU: Layer, ActivationLayer {
    public init() {}

    var activation: Activation { .gelu }

    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        input.gelu(file: file, line: line)
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }
}
