public import WeftTensor

/// The hyperbolic tangent of every element; any shape.
public final class Tanh: Layer, ActivationLayer {
    public init() {}

    var activation: Activation { .tanh }

    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        input.tanh(file: file, line: line)
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }
}
