public import WeftTensor

/// Layers one after the other: each gets the output of the one before.
///
/// ```swift
/// let model = Sequential(Linear(64, 128), ReLU(), Dropout(0.2), Linear(128, 10))
/// ```
///
/// Parameters are named by the layers' positions, as in PyTorch: `0.weight`, `3.bias`. A ``Linear`` or a convolution and
/// the activation behind it are computed in one go, with the bits that they give one by one.
public final class Sequential: Layer {
    /// The layers, the first applied first. Without any, the output is the input.
    public let layers: [any Layer]
    private let steps: [Step]

    /// A layer, or two of them that are computed in one go.
    private enum Step {
        case layer(any Layer)
        case activated(any ActivatedLayer, Activation)
    }

    public convenience init(_ layers: any Layer...) {
        self.init(layers)
    }

    public init(_ layers: [any Layer]) {
        self.layers = layers
        var steps: [Step] = []
        for layer in layers {
            if case .layer(let last as any ActivatedLayer) = steps.last, last.activation == nil,
                let activation = (layer as? any ActivationLayer)?.activation
            {
                steps[steps.count - 1] = .activated(last, activation)
            } else {
                steps.append(.layer(layer))
            }
        }
        self.steps = steps
    }

    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        steps.reduce(input) { input, step in
            switch step {
            case .layer(let layer): layer.callAsFunction(input, file: file, line: line)
            case .activated(let layer, let activation):
                layer.output(for: input, activation, file: file, line: line)
            }
        }
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }
}

extension Sequential: IndexedModule {
    var indexed: [any Module] { layers }
}
