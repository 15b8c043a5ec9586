public import WeftTensor

/// The logistic function, `1 / (1 + exp(-x))`, of every element; any shape.
public final class Sigmoid: Layer, ActivationLayer {
    public init() {}

    var activation: Activation { .sigmoid }

    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        input.sigmoid(file: file, line: line)
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }
}
