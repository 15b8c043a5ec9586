import Testing
import Weft

struct AttentionParityTests {
    @Test(arguments: ParityCase.family("attention"))
    func `Attention and the layers made of it agree with PyTorch`(_ parity: ParityCase) throws {
        try parity.check { arguments, inputs in
            let mode: Mode = try arguments.has("isTraining") && arguments.bool("isTraining") ? .training : .evaluation
            return try withMode(mode) { try Self.outputs(parity.operation, arguments, inputs) }
        }
    }

    private static func outputs(
        _ operation: String,
        _ arguments: ParityArguments,
        _ inputs: ParityInputs
    ) throws -> [String: Tensor] {
        switch operation {
        case "scaledDotProductAttention":
            let output = scaledDotProductAttention(
                inputs["query"],
                inputs["key"],
                inputs["value"],
                mask: inputs.optional("mask"),
                isCausal: arguments.has("isCausal"),
                scale: arguments.has("scale") ? try arguments.double("scale") : nil,
                enableGQA: arguments.has("enableGQA")
            )
            return ["output": output]
        case "multiheadAttention": return try multihead(arguments, inputs)
        case "transformerEncoderLayer":
            let layer = try inputs.load(try encoderLayer(arguments))
            let output = layer(
                inputs["source"],
                srcMask: inputs.optional("srcMask"),
                srcKeyPaddingMask: inputs.optional("srcKeyPaddingMask"),
                isCausal: try arguments.bool("isCausal")
            )
            return ["output": output]
        case "transformerEncoder":
            let encoder = try inputs.load(
                TransformerEncoder(
                    try encoderLayer(arguments),
                    numLayers: try arguments.int("numLayers"),
                    norm: try norm(arguments)
                )
            )
            let output = encoder(
                inputs["source"],
                mask: inputs.optional("srcMask"),
                srcKeyPaddingMask: inputs.optional("srcKeyPaddingMask"),
                isCausal: try arguments.bool("isCausal")
            )
            return ["output": output]
        case "transformerDecoderLayer", "transformerDecoder": return try decoder(operation, arguments, inputs)
        case "transformer": return try transformer(arguments, inputs)
        default: throw ParityError.unknown(operation)
        }
    }

    private static func multihead(_ arguments: ParityArguments, _ inputs: ParityInputs) throws -> [String: Tensor] {
        let layer = try inputs.load(
            MultiheadAttention(
                try arguments.int("embedDim"),
                try arguments.int("numHeads"),
                dropout: try dropout(arguments),
                bias: try arguments.bool("bias"),
                addBiasKV: try arguments.bool("addBiasKV"),
                addZeroAttention: try arguments.bool("addZeroAttention"),
                kdim: arguments.has("kdim") ? try arguments.int("kdim") : nil,
                vdim: arguments.has("vdim") ? try arguments.int("vdim") : nil,
                batchFirst: try arguments.bool("batchFirst")
            )
        )
        let query = inputs["query"]
        let key = inputs.optional("key") ?? query
        let value = inputs.optional("value") ?? key
        let (padding, mask) = (inputs.optional("keyPaddingMask"), inputs.optional("attentionMask"))
        let isCausal = try arguments.bool("isCausal")
        guard try arguments.bool("needWeights") else {
            return [
                "output": layer(query, key, value, keyPaddingMask: padding, attentionMask: mask, isCausal: isCausal)
            ]
        }
        let (output, weights) = layer(
            query,
            key,
            value,
            keyPaddingMask: padding,
            needWeights: true,
            attentionMask: mask,
            averageAttentionWeights: try arguments.bool("average"),
            isCausal: isCausal
        )
        return ["output": output, "weights": try #require(weights)]
    }

    private static func decoder(
        _ operation: String,
        _ arguments: ParityArguments,
        _ inputs: ParityInputs
    ) throws -> [String: Tensor] {
        let isLayer = operation == "transformerDecoderLayer"
        let layer = try decoderLayer(arguments)
        let stack = try TransformerDecoder(
            layer,
            numLayers: isLayer ? 0 : arguments.int("numLayers"),
            norm: isLayer ? nil : norm(arguments)
        )
        let call = (
            inputs["target"], inputs["memory"], inputs.optional("tgtMask"), inputs.optional("memoryMask"),
            inputs.optional("tgtKeyPaddingMask"), inputs.optional("memoryKeyPaddingMask"),
            try arguments.bool("tgtIsCausal"), try arguments.bool("memoryIsCausal")
        )
        if isLayer {
            let loaded = try inputs.load(layer)
            let output = loaded(
                call.0,
                call.1,
                tgtMask: call.2,
                memoryMask: call.3,
                tgtKeyPaddingMask: call.4,
                memoryKeyPaddingMask: call.5,
                tgtIsCausal: call.6,
                memoryIsCausal: call.7
            )
            return ["output": output]
        }
        let loaded = try inputs.load(stack)
        let output = loaded(
            call.0,
            call.1,
            tgtMask: call.2,
            memoryMask: call.3,
            tgtKeyPaddingMask: call.4,
            memoryKeyPaddingMask: call.5,
            tgtIsCausal: call.6,
            memoryIsCausal: call.7
        )
        return ["output": output]
    }

    private static func transformer(_ arguments: ParityArguments, _ inputs: ParityInputs) throws -> [String: Tensor] {
        let model = try inputs.load(
            Transformer(
                dModel: try arguments.int("dModel"),
                numHeads: try arguments.int("numHeads"),
                numEncoderLayers: try arguments.int("numEncoderLayers"),
                numDecoderLayers: try arguments.int("numDecoderLayers"),
                dimFeedforward: try arguments.int("dimFeedforward"),
                dropout: try dropout(arguments),
                activation: try activation(arguments),
                layerNormEpsilon: try arguments.double("layerNormEpsilon"),
                batchFirst: try arguments.bool("batchFirst"),
                normFirst: try arguments.bool("normFirst"),
                bias: try arguments.bool("bias")
            )
        )
        let output = model(
            inputs["source"],
            inputs["target"],
            tgtMask: inputs.optional("tgtMask"),
            srcKeyPaddingMask: inputs.optional("srcKeyPaddingMask"),
            tgtKeyPaddingMask: inputs.optional("tgtKeyPaddingMask"),
            memoryKeyPaddingMask: inputs.optional("memoryKeyPaddingMask"),
            tgtIsCausal: try arguments.bool("tgtIsCausal")
        )
        return ["output": output]
    }

    /// Some where nothing is dropped, so that it must not matter.
    private static func dropout(_ arguments: ParityArguments) throws -> Double {
        try arguments.bool("isTraining") ? 0 : 0.3
    }

    private static func activation(_ arguments: ParityArguments) throws -> Activation {
        try arguments.string("activation") == "gelu" ? .gelu : .relu
    }

    private static func norm(_ arguments: ParityArguments) throws -> LayerNorm? {
        try arguments.bool("hasNorm") ? LayerNorm(arguments.int("dModel")) : nil
    }

    private static func encoderLayer(_ arguments: ParityArguments) throws -> TransformerEncoderLayer {
        TransformerEncoderLayer(
            try arguments.int("dModel"),
            try arguments.int("numHeads"),
            dimFeedforward: try arguments.int("dimFeedforward"),
            dropout: try dropout(arguments),
            activation: try activation(arguments),
            layerNormEpsilon: try arguments.double("layerNormEpsilon"),
            batchFirst: try arguments.bool("batchFirst"),
            normFirst: try arguments.bool("normFirst"),
            bias: try arguments.bool("bias")
        )
    }

    private static func decoderLayer(_ arguments: ParityArguments) throws -> TransformerDecoderLayer {
        TransformerDecoderLayer(
            try arguments.int("dModel"),
            try arguments.int("numHeads"),
            dimFeedforward: try arguments.int("dimFeedforward"),
            dropout: try dropout(arguments),
            activation: try activation(arguments),
            layerNormEpsilon: try arguments.double("layerNormEpsilon"),
            batchFirst: try arguments.bool("batchFirst"),
            normFirst: try arguments.bool("normFirst"),
            bias: try arguments.bool("bias")
        )
    }
}
