public import WeftTensor

/// A layer of a transformer's decoder: attention of a sequence to itself, then to what an encoder made, then a network for
/// each position, each added to what came in and normalised (Vaswani et al., 2017).
///
/// Takes a target of shape `[T, N, dModel]` and a memory of shape `[S, N, dModel]`, both with N first where the batch comes
/// first, or both without, and gives the shape of the target.
public final class TransformerDecoderLayer: Module {
    /// Whether each part normalises what it takes, instead of what it gives added to that.
    public let normFirst: Bool
    public let selfAttention: MultiheadAttention
    /// Attention to the memory.
    public let multiheadAttention: MultiheadAttention
    /// The network's maps, to `dimFeedforward` features, with the activation, and back.
    public let linear1: Linear
    public let linear2: Linear
    public let norm1: LayerNorm
    public let norm2: LayerNorm
    public let norm3: LayerNorm
    let settings: TransformerLayerSettings

    public static var stateDictNames: [String: String] {
        ["selfAttention": "self_attn", "multiheadAttention": "multihead_attn"]
    }

    /// The parameters are those of ``TransformerEncoderLayer``.
    public init(
        _ dModel: Int,
        _ numHeads: Int,
        dimFeedforward: Int = 2048,
        dropout: Double = 0.1,
        activation: Activation = .relu,
        layerNormEpsilon: Double = 1e-5,
        batchFirst: Bool = false,
        normFirst: Bool = false,
        bias: Bool = true,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        settings = TransformerLayerSettings(
            dModel: dModel,
            numHeads: numHeads,
            dimFeedforward: dimFeedforward,
            dropout: dropout,
            activation: activation,
            layerNormEpsilon: layerNormEpsilon,
            batchFirst: batchFirst,
            normFirst: normFirst,
            bias: bias,
            name: "TransformerDecoderLayer",
            site: CallSite(file, line)
        )
        self.normFirst = normFirst
        selfAttention = settings.attention()
        multiheadAttention = settings.attention()
        (linear1, linear2) = settings.network()
        norm1 = settings.norm()
        norm2 = settings.norm()
        norm3 = settings.norm()
    }

    /// A layer with the same settings and with parameters of its own, which have the same values.
    func copy() -> TransformerDecoderLayer {
        let settings = settings
        return copied(self) {
            TransformerDecoderLayer(
                settings.dModel,
                settings.numHeads,
                dimFeedforward: settings.dimFeedforward,
                dropout: settings.dropout,
                activation: settings.activation,
                layerNormEpsilon: settings.layerNormEpsilon,
                batchFirst: settings.batchFirst,
                normFirst: settings.normFirst,
                bias: settings.bias
            )
        }
    }

    /// The layer's output, of the shape of `target`.
    ///
    /// - Parameters:
    ///   - tgtMask: of shape `[T, T]`, or `[N * numHeads, T, T]`: true for pairs that are hidden, or numbers that are added
    ///     to the scores.
    ///   - memoryMask: the same for pairs of target and memory, `[T, S]`.
    ///   - tgtKeyPaddingMask: of shape `[N, T]`, or `[T]` without a batch: true for positions that none sees, or numbers.
    ///   - memoryKeyPaddingMask: the same for the memory, `[N, S]`.
    ///   - tgtIsCausal: whether a position of the target sees none behind it, whatever the masks.
    ///   - memoryIsCausal: whether position i of the target sees positions 0 … i of the memory alone.
    public func callAsFunction(
        _ target: Tensor,
        _ memory: Tensor,
        tgtMask: Tensor? = nil,
        memoryMask: Tensor? = nil,
        tgtKeyPaddingMask: Tensor? = nil,
        memoryKeyPaddingMask: Tensor? = nil,
        tgtIsCausal: Bool = false,
        memoryIsCausal: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        refusing(as: "TransformerDecoderLayer", at: CallSite(file, line)) {
            let first = settings.residual(target, norm1) { x in
                settings.drop(
                    selfAttention(
                        x,
                        x,
                        x,
                        keyPaddingMask: tgtKeyPaddingMask,
                        attentionMask: tgtMask,
                        isCausal: tgtIsCausal
                    )
                )
            }
            let second = settings.residual(first, norm2) { x in
                settings.drop(
                    multiheadAttention(
                        x,
                        memory,
                        memory,
                        keyPaddingMask: memoryKeyPaddingMask,
                        attentionMask: memoryMask,
                        isCausal: memoryIsCausal
                    )
                )
            }
            return settings.residual(second, norm3) { settings.network($0, linear1, linear2) }
        }
    }
}

/// Decoder layers one after the other, each with parameters of its own, and perhaps a normalisation behind them.
public final class TransformerDecoder: Module {
    public let layers: [TransformerDecoderLayer]
    /// Applied last; `nil` for none.
    public let norm: LayerNorm?

    /// Makes `numLayers` copies of `layer`, with the same values, as PyTorch does. The layer itself is not among them.
    ///
    /// Refused if `numLayers` is negative.
    public init(
        _ layer: TransformerDecoderLayer,
        numLayers: Int,
        norm: LayerNorm? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        let count = checkedLayerCount(numLayers, "TransformerDecoder", at: CallSite(file, line))
        layers = (0..<count).map { _ in layer.copy() }
        self.norm = norm
    }

    /// The last layer's output, normalised; masks as for ``TransformerDecoderLayer``, in all layers.
    public func callAsFunction(
        _ target: Tensor,
        _ memory: Tensor,
        tgtMask: Tensor? = nil,
        memoryMask: Tensor? = nil,
        tgtKeyPaddingMask: Tensor? = nil,
        memoryKeyPaddingMask: Tensor? = nil,
        tgtIsCausal: Bool = false,
        memoryIsCausal: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let output = layers.reduce(target) { x, layer in
            layer(
                x,
                memory,
                tgtMask: tgtMask,
                memoryMask: memoryMask,
                tgtKeyPaddingMask: tgtKeyPaddingMask,
                memoryKeyPaddingMask: memoryKeyPaddingMask,
                tgtIsCausal: tgtIsCausal,
                memoryIsCausal: memoryIsCausal,
                file: file,
                line: line
            )
        }
        return norm.map { $0.callAsFunction(output, file: file, line: line) } ?? output
    }
}
