import Testing
import Weft

struct LayerParityTests {
    @Test(arguments: ParityCase.family("layers"))
    func `Layers agree with PyTorch`(_ parity: ParityCase) throws {
        try parity.check { arguments, inputs in
            ["output": try output(parity.operation, arguments, inputs)]
        }
    }

    private func output(_ operation: String, _ arguments: ParityArguments, _ inputs: ParityInputs) throws -> Tensor {
        func optional<T>(_ name: String, _ value: (String) throws -> T) rethrows -> T? {
            arguments.has(name) ? try value(name) : nil
        }
        switch operation {
        case "embedding":
            let layer = Embedding(
                try arguments.int("count"),
                try arguments.int("features"),
                paddingIndex: try optional("paddingIndex", arguments.int),
                maxNorm: try optional("maxNorm", arguments.double),
                normType: try arguments.double("normType"),
                scaleGradByFreq: try arguments.bool("scaleGradByFreq")
            )
            return try inputs.load(layer)(inputs["indices"])
        case "embeddingBag":
            let modes: [String: EmbeddingBagMode] = ["sum": .sum, "mean": .mean, "max": .max]
            let layer = EmbeddingBag(
                try arguments.int("count"),
                try arguments.int("features"),
                maxNorm: try optional("maxNorm", arguments.double),
                normType: try arguments.double("normType"),
                scaleGradByFreq: try arguments.bool("scaleGradByFreq"),
                mode: modes[try arguments.string("mode")]!,
                includeLastOffset: try arguments.bool("includeLastOffset"),
                paddingIndex: try optional("paddingIndex", arguments.int)
            )
            return try inputs.load(layer)(
                inputs["indices"],
                inputs.optional("offsets"),
                perSampleWeights: inputs.optional("weights")
            )
        case "bilinear":
            let sizes = try arguments.ints("sizes")
            let layer = Bilinear(sizes[0], sizes[1], sizes[2], bias: try arguments.bool("bias"))
            return try inputs.load(layer)(inputs["first"], inputs["second"])
        case "cosineSimilarity":
            let layer = CosineSimilarity(axis: try arguments.int("axis"), epsilon: try arguments.double("epsilon"))
            return layer(inputs["first"], inputs["second"])
        case "pairwiseDistance":
            let layer = PairwiseDistance(
                p: try arguments.double("p"),
                epsilon: try arguments.double("epsilon"),
                keepDims: try arguments.bool("keepDims")
            )
            return layer(inputs["first"], inputs["second"])
        case "prelu":
            let layer = PReLU(try arguments.int("count"), initial: try arguments.double("initial"))
            return try inputs.load(layer)(inputs["input"])
        case "flatten":
            return Flatten(startAxis: try arguments.int("start"), endAxis: try arguments.int("end"))(inputs["input"])
        case "unflatten":
            return Unflatten(try arguments.int("axis"), try arguments.ints("sizes"))(inputs["input"])
        case "softmax2d": return Softmax2d()(inputs["input"])
        case "inactiveDropout":
            let layers: [String: any Layer] = [
                "Dropout1d": Dropout1d(0.4), "Dropout2d": Dropout2d(0.4), "Dropout3d": Dropout3d(0.4),
                "AlphaDropout": AlphaDropout(0.4), "FeatureAlphaDropout": FeatureAlphaDropout(0.4),
            ]
            let layer = layers[try arguments.string("kind")]!
            return withMode(.evaluation) { layer(inputs["input"] * 1) }
        default: throw ParityError.unknown(operation)
        }
    }
}
