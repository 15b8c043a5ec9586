import WeftTensor

/// What layers of encoders and decoders are made of alike.
struct TransformerLayerSettings {
    let dModel: Int
    let numHeads: Int
    let dimFeedforward: Int
    let dropout: Double
    let activation: Activation
    let layerNormEpsilon: Double
    let batchFirst: Bool
    let normFirst: Bool
    let bias: Bool
    let name: StaticString
    let site: CallSite

    func attention() -> MultiheadAttention {
        refusing(as: name, at: site) {
            MultiheadAttention(dModel, numHeads, dropout: dropout, bias: bias, batchFirst: batchFirst)
        }
    }

    func network() -> (Linear, Linear) {
        refusing(as: name, at: site) {
            (
                Linear(dModel, dimFeedforward, bias: bias, activation: activation),
                Linear(dimFeedforward, dModel, bias: bias)
            )
        }
    }

    func norm() -> LayerNorm {
        refusing(as: name, at: site) { LayerNorm(max(dModel, 0), epsilon: layerNormEpsilon, bias: bias) }
    }

    /// What dropout leaves while training.
    func drop(_ x: Tensor) -> Tensor {
        guard Mode.current == .training, dropout > 0, !x.isFailed else { return x }
        return x * Tensor.dropoutMask(x.shape, dtype: x.dtype, probability: dropout, at: nil)
    }

    /// What `part` makes of `x`, added to that and normalised, before or after.
    func residual(_ x: Tensor, _ norm: LayerNorm, _ part: (Tensor) -> Tensor) -> Tensor {
        normFirst ? x + part(norm(x)) : norm(x + part(x))
    }

    /// The network for each position.
    func network(_ x: Tensor, _ first: Linear, _ second: Linear) -> Tensor { drop(second(drop(first(x)))) }
}

/// The module that `make` makes, with the values, the dtypes and the freezing of `module`, which is of the same structure.
/// Its own first values are drawn without a trace in the task's random numbers.
func copied<M: Module>(_ module: M, _ make: () -> M) -> M {
    let copy = withRandomSeed(0, make)
    for (new, old) in zip(ModuleWalk(copy).found, ModuleWalk(module).found) {
        guard case .parameter(let own) = new.entry, case .parameter(let original) = old.entry else { continue }
        own.convert(to: original.value.dtype)
        own.value = original.value.detached()
        own.requiresGrad = original.requiresGrad
    }
    return copy
}

/// `count` if there can be so many layers; otherwise, after refusing, 0.
func checkedLayerCount(_ count: Int, _ name: String, at site: CallSite) -> Int {
    if count < 0 { refuse(name, "the number of layers is \(count); it cannot be negative", at: site) }
    return max(count, 0)
}
