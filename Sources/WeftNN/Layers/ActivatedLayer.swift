import WeftTensor

/// A layer that applies an activation as it computes what that is applied to, and so can take that of the layer behind it.
protocol ActivatedLayer: Layer {
    /// The layer's own; nil for none.
    var activation: Activation? { get }

    /// The output with `activation` in place of the layer's own.
    func output(for input: Tensor, _ activation: Activation?, file: StaticString, line: UInt) -> Tensor
}
