public import WeftTensor

/// Layers one after the other: each gets the output of the one before.
///
/// ```swift
/// let model = Sequential(Linear(64, 128), ReLU(), Dropout(0.2), Linear(128, 10))
/// ```
///
/// Parameters are named by the layers' positions, as in PyTorch: `0.weight`, `3.bias`.
public final class Sequential: Layer {
    /// The layers, the first applied first. Without any, the output is the input.
    public let layers: [any Layer]

    public init(_ layers: any Layer...) {
        self.layers = layers
    }

    public init(_ layers: [any Layer]) {
        self.layers = layers
    }

    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        layers.reduce(input) { $1.callAsFunction($0, file: file, line: line) }
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }
}

extension Sequential: IndexedModule {
    var indexed: [any Module] { layers }
}
