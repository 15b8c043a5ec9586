import WeftTensor

/// A layer that is nothing but an activation, and so can be computed with the layer before it.
protocol ActivationLayer: Layer {
    var activation: Activation { get }
}

/// A layer that applies an activation as it computes what that is applied to, and so can take that of the layer behind it.
protocol ActivatedLayer: Layer {
    /// The layer's own; nil for none.
    var activation: Activation? { get }

    /// The output with `activation` in place of the layer's own.
    func output(for input: Tensor, _ activation: Activation?, file: StaticString, line: UInt) -> Tensor
}
