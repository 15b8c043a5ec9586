public import WeftTensor

/// A layer that is nothing but a function of one tensor, with what numbers that takes.
///
/// PyTorch's activations are such layers, each a line in `Activations.swift`. Give a function of your own a name with one
/// more:
///
/// ```swift
/// final class Square: FunctionLayer {
///     let function = TensorFunction { x, file, line in x.square(file: file, line: line) }
/// }
/// ```
public protocol FunctionLayer: Layer {
    /// What the layer computes.
    var function: TensorFunction { get }
}

/// A function of a tensor, which reports mistakes as made at a file and line.
public struct TensorFunction: Sendable {
    let body: @Sendable (_ input: Tensor, _ file: StaticString, _ line: UInt) -> Tensor
    /// What can be computed with the product of a ``Linear`` layer before it, with the same bits.
    let fused: Activation?

    public init(_ body: @escaping @Sendable (_ input: Tensor, _ file: StaticString, _ line: UInt) -> Tensor) {
        self.body = body
        fused = nil
    }

    init(_ activation: Activation) {
        body = { $0.applying(activation, file: $1, line: $2) }
        fused = activation
    }
}

extension FunctionLayer {
    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        function.body(input, file, line)
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }
}
