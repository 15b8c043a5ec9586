public import WeftTensor

/// Layers one after the other: each gets the output of the one before.
///
/// ```swift
/// let model = Sequential(Linear(64, 128), ReLU(), Dropout(0.2), Linear(128, 10))
/// ```
///
/// or, with Swift's `if`, `for` and `switch`,
///
/// ```swift
/// let model = Sequential {
///     for width in [64, 64] {
///         Linear(width, 64)
///         ReLU()
///     }
///     if dropout > 0 { Dropout(dropout) }
///     Linear(64, 10)
/// }
/// ```
///
/// Parameters are named by the layers' positions, as in PyTorch: `0.weight`, `3.bias`. A ``Linear`` and the activation
/// behind it are computed in one go, with the bits that they give one by one.
public final class Sequential: Layer {
    /// The layers, the first applied first. Without any, the output is the input.
    public let layers: [any Layer]
    private let steps: [Step]

    /// A layer, or two of them that are computed in one go.
    private enum Step {
        case layer(any Layer)
        case activated(Linear, Activation)
    }

    public convenience init(_ layers: any Layer...) {
        self.init(layers)
    }

    /// The layers that `layers` lists, one a line.
    public convenience init(@LayerBuilder _ layers: () -> [any Layer]) {
        self.init(layers())
    }

    public init(_ layers: [any Layer]) {
        self.layers = layers
        var steps: [Step] = []
        for layer in layers {
            if case .layer(let last as Linear) = steps.last, last.activation == nil,
                let activation = (layer as? any FunctionLayer)?.function.fused
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
            case .activated(let linear, let activation):
                linear.output(for: input, activation, file: file, line: line)
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

/// Lists layers, with `if`, `switch` and `for`, as in a ``Sequential``.
@resultBuilder
public enum LayerBuilder {
    public static func buildExpression(_ layer: any Layer) -> [any Layer] { [layer] }
    public static func buildExpression(_ layers: [any Layer]) -> [any Layer] { layers }
    public static func buildBlock(_ parts: [any Layer]...) -> [any Layer] { parts.flatMap { $0 } }
    public static func buildOptional(_ part: [any Layer]?) -> [any Layer] { part ?? [] }
    public static func buildEither(first: [any Layer]) -> [any Layer] { first }
    public static func buildEither(second: [any Layer]) -> [any Layer] { second }
    public static func buildArray(_ parts: [[any Layer]]) -> [any Layer] { parts.flatMap { $0 } }
    public static func buildLimitedAvailability(_ part: [any Layer]) -> [any Layer] { part }
}
