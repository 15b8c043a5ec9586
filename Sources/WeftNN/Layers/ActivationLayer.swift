import WeftTensor

/// A layer that is nothing but an activation, and so can be computed with the layer before it.
protocol ActivationLayer: Layer {
    var activation: Activation { get }
}
