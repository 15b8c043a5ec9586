public import WeftTensor

/// A layer of a transformer's encoder: attention of a sequence to itself, then a network for each position, each added to
/// what came in and normalised (Vaswani et al., 2017).
///
/// Takes tensors of shape `[S, N, dModel]`, or `[N, S, dModel]` where the batch comes first, or without a batch
/// `[S, dModel]`, and gives the same.
public final class TransformerEncoderLayer: Layer {
    /// Whether each part normalises what it takes, instead of what it gives added to that.
    public let normFirst: Bool
    public let selfAttention: MultiheadAttention
    /// The network's maps, to `dimFeedforward` features, with the activation, and back.
    public let linear1: Linear
    public let linear2: Linear
    public let norm1: LayerNorm
    public let norm2: LayerNorm
    let settings: TransformerLayerSettings

    public static var stateDictNames: [String: String] { ["selfAttention": "self_attn"] }

    /// - Parameters:
    ///   - dModel: the features; a multiple of `numHeads`.
    ///   - dimFeedforward: the features between the network's two maps.
    ///   - dropout: the probability of dropping while training: weights of the attention, and elements of what either part
    ///     gives and of what lies between the maps.
    ///   - layerNormEpsilon: what is added to variances.
    ///   - batchFirst: whether the batch comes before the sequence.
    ///   - normFirst: whether each part normalises what it takes, instead of what it gives added to that.
    ///   - bias: whether maps and normalisations have biases.
    ///
    /// Refused where ``MultiheadAttention`` or ``Linear`` would refuse.
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
            name: "TransformerEncoderLayer",
            site: CallSite(file, line)
        )
        self.normFirst = normFirst
        selfAttention = settings.attention()
        (linear1, linear2) = settings.network()
        norm1 = settings.norm()
        norm2 = settings.norm()
    }

    /// A layer with the same settings and with parameters of its own, which have the same values.
    func copy() -> TransformerEncoderLayer {
        let settings = settings
        return copied(self) {
            TransformerEncoderLayer(
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

    /// The layer's output, of the shape of `source`.
    ///
    /// - Parameters:
    ///   - srcMask: of shape `[S, S]`, or `[N * numHeads, S, S]`: true for pairs that are hidden, or numbers that are added
    ///     to the scores.
    ///   - srcKeyPaddingMask: of shape `[N, S]`, or `[S]` without a batch: true for positions that none sees, or numbers.
    ///   - isCausal: whether a position sees none behind it, whatever the masks.
    public func callAsFunction(
        _ source: Tensor,
        srcMask: Tensor? = nil,
        srcKeyPaddingMask: Tensor? = nil,
        isCausal: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let site = CallSite(file, line)
        func attended(_ x: Tensor) -> Tensor {
            settings.drop(
                selfAttention(
                    x,
                    x,
                    x,
                    keyPaddingMask: srcKeyPaddingMask,
                    attentionMask: srcMask,
                    isCausal: isCausal,
                    file: file,
                    line: line
                )
            )
        }
        return refusing(as: "TransformerEncoderLayer", at: site) {
            let first = settings.residual(source, norm1, attended)
            return settings.residual(first, norm2) { settings.network($0, linear1, linear2) }
        }
    }

    public func callAsFunction(_ input: Tensor, file: StaticString, line: UInt) -> Tensor {
        callAsFunction(input, srcMask: nil, file: file, line: line)
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, srcMask: nil)
    }
}

/// Encoder layers one after the other, each with parameters of its own, and perhaps a normalisation behind them.
public final class TransformerEncoder: Layer {
    public let layers: [TransformerEncoderLayer]
    /// Applied last; `nil` for none.
    public let norm: LayerNorm?

    /// Makes `numLayers` copies of `layer`, with the same values, as PyTorch does. The layer itself is not among them.
    ///
    /// Refused if `numLayers` is negative.
    public init(
        _ layer: TransformerEncoderLayer,
        numLayers: Int,
        norm: LayerNorm? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        let count = checkedLayerCount(numLayers, "TransformerEncoder", at: CallSite(file, line))
        layers = (0..<count).map { _ in layer.copy() }
        self.norm = norm
    }

    /// The last layer's output, normalised; masks as for ``TransformerEncoderLayer``, in all layers.
    public func callAsFunction(
        _ source: Tensor,
        mask: Tensor? = nil,
        srcKeyPaddingMask: Tensor? = nil,
        isCausal: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let output = layers.reduce(source) { x, layer in
            layer(
                x,
                srcMask: mask,
                srcKeyPaddingMask: srcKeyPaddingMask,
                isCausal: isCausal,
                file: file,
                line: line
            )
        }
        return norm.map { $0.callAsFunction(output, file: file, line: line) } ?? output
    }

    public func callAsFunction(_ input: Tensor, file: StaticString, line: UInt) -> Tensor {
        callAsFunction(input, mask: nil, file: file, line: line)
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, mask: nil)
    }
}
