public import WeftTensor

/// An encoder and a decoder that attends to what it makes (Vaswani et al., "Attention is all you need", 2017). Tokens are
/// embedded, and outputs mapped to tokens, by layers around it.
///
/// Takes a source of shape `[S, N, dModel]` and a target of shape `[T, N, dModel]`, both with N first where the batch comes
/// first, or both without, and gives the shape of the target.
public final class Transformer: Module {
    public let encoder: TransformerEncoder
    public let decoder: TransformerDecoder

    /// The arguments and defaults are PyTorch's, and so are the first values: all matrices are drawn uniformly by Glorot
    /// and Bengio's rule, those of a stack's layers each for itself.
    ///
    /// - Parameters:
    ///   - customEncoder: in place of the encoder that the other parameters describe; the same for `customDecoder`.
    ///
    /// Refused where ``TransformerEncoderLayer`` would refuse, and for negative numbers of layers.
    public init(
        dModel: Int = 512,
        numHeads: Int = 8,
        numEncoderLayers: Int = 6,
        numDecoderLayers: Int = 6,
        dimFeedforward: Int = 2048,
        dropout: Double = 0.1,
        activation: Activation = .relu,
        customEncoder: TransformerEncoder? = nil,
        customDecoder: TransformerDecoder? = nil,
        layerNormEpsilon: Double = 1e-5,
        batchFirst: Bool = false,
        normFirst: Bool = false,
        bias: Bool = true,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        let site = CallSite(file, line)
        func norm() -> LayerNorm { LayerNorm(max(dModel, 0), epsilon: layerNormEpsilon, bias: bias) }
        (encoder, decoder) = refusing(as: "Transformer", at: site) {
            let encoder =
                customEncoder
                ?? TransformerEncoder(
                    TransformerEncoderLayer(
                        dModel,
                        numHeads,
                        dimFeedforward: dimFeedforward,
                        dropout: dropout,
                        activation: activation,
                        layerNormEpsilon: layerNormEpsilon,
                        batchFirst: batchFirst,
                        normFirst: normFirst,
                        bias: bias
                    ),
                    numLayers: numEncoderLayers,
                    norm: norm()
                )
            let decoder =
                customDecoder
                ?? TransformerDecoder(
                    TransformerDecoderLayer(
                        dModel,
                        numHeads,
                        dimFeedforward: dimFeedforward,
                        dropout: dropout,
                        activation: activation,
                        layerNormEpsilon: layerNormEpsilon,
                        batchFirst: batchFirst,
                        normFirst: normFirst,
                        bias: bias
                    ),
                    numLayers: numDecoderLayers,
                    norm: norm()
                )
            return (encoder, decoder)
        }
        for parameter in parameters where parameter.value.rank > 1 {
            let value = parameter.value
            parameter.value = Tensor.drawnByGlorot(value.shape, dtype: value.dtype)
        }
    }

    /// The decoder's output for `target`, given what the encoder makes of `source`.
    ///
    /// Masks are those of ``TransformerEncoderLayer`` and ``TransformerDecoderLayer``.
    public func callAsFunction(
        _ source: Tensor,
        _ target: Tensor,
        srcMask: Tensor? = nil,
        tgtMask: Tensor? = nil,
        memoryMask: Tensor? = nil,
        srcKeyPaddingMask: Tensor? = nil,
        tgtKeyPaddingMask: Tensor? = nil,
        memoryKeyPaddingMask: Tensor? = nil,
        srcIsCausal: Bool = false,
        tgtIsCausal: Bool = false,
        memoryIsCausal: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        refusing(as: "Transformer", at: CallSite(file, line)) {
            let memory = encoder(source, mask: srcMask, srcKeyPaddingMask: srcKeyPaddingMask, isCausal: srcIsCausal)
            return decoder(
                target,
                memory,
                tgtMask: tgtMask,
                memoryMask: memoryMask,
                tgtKeyPaddingMask: tgtKeyPaddingMask,
                memoryKeyPaddingMask: memoryKeyPaddingMask,
                tgtIsCausal: tgtIsCausal,
                memoryIsCausal: memoryIsCausal
            )
        }
    }

    /// A mask that lets no position of `size` see those behind it: 0 where it sees, -infinity elsewhere, of shape
    /// `[size, size]`. What is told that it is causal needs none.
    ///
    /// Refused if `size` is negative.
    public static func generateSquareSubsequentMask(
        _ size: Int,
        dtype: DType = .float32,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        if size < 0 {
            refuse("generateSquareSubsequentMask", "the size \(size) is negative", at: CallSite(file, line))
        }
        let places = Tensor(arange: 0..<max(size, 0))
        return `where`(places .<= places.unsqueezed(axis: 1), 0.0, -Double.infinity).to(dtype)
    }
}
