public import WeftTensor

/// The rectifier, `max(x, 0)`, of every element; any shape.
public final class ReLU: Layer, ActivationLayer {
    public init() {}

    var activation: Activation { .relu }

    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        input.relu(file: file, line: line)
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }
}
