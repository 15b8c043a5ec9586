import Testing
import Weft

struct ConvolutionParityTests {
    @Test(arguments: ParityCase.family("convolution"))
    func `Convolutions and their layers agree with PyTorch`(_ parity: ParityCase) throws {
        try parity.check { arguments, inputs in
            switch parity.operation {
            case "conv1d": try Self.convolution(conv1d, arguments, inputs)
            case "conv2d": try Self.convolution(conv2d, arguments, inputs)
            case "conv3d": try Self.convolution(conv3d, arguments, inputs)
            case "convTranspose1d": try Self.transpose(convTranspose1d, arguments, inputs)
            case "convTranspose2d": try Self.transpose(convTranspose2d, arguments, inputs)
            case "convTranspose3d": try Self.transpose(convTranspose3d, arguments, inputs)
            case "Conv1d": try Self.layer(OneDimension.self, arguments, inputs)
            case "Conv2d": try Self.layer(TwoDimensions.self, arguments, inputs)
            case "Conv3d": try Self.layer(ThreeDimensions.self, arguments, inputs)
            case "ConvTranspose1d": try Self.transposedLayer(OneDimension.self, arguments, inputs)
            case "ConvTranspose2d": try Self.transposedLayer(TwoDimensions.self, arguments, inputs)
            case "ConvTranspose3d": try Self.transposedLayer(ThreeDimensions.self, arguments, inputs)
            default: throw ParityError.unknown(parity.operation)
            }
        }
    }

    private typealias Function = (
        Tensor, Tensor, Tensor?, SpatialSizes, SpatialPadding, SpatialSizes, Int, StaticString, UInt
    ) -> Tensor
    private typealias Transpose = (
        Tensor, Tensor, Tensor?, SpatialSizes, SpatialSizes, SpatialSizes, Int, SpatialSizes, StaticString, UInt
    ) -> Tensor

    private static func sizes(_ arguments: ParityArguments, _ name: String) throws -> SpatialSizes {
        SpatialSizes(try arguments.ints(name))
    }

    private static func padding(_ arguments: ParityArguments) throws -> SpatialPadding {
        guard arguments.isString("padding") else { return .sizes(try sizes(arguments, "padding")) }
        return try arguments.string("padding") == "same" ? .same : .valid
    }

    private static func convolution(
        _ function: Function,
        _ arguments: ParityArguments,
        _ inputs: ParityInputs
    ) throws -> [String: Tensor] {
        let output = function(
            inputs["input"],
            inputs["weight"],
            inputs.optional("bias"),
            try sizes(arguments, "stride"),
            try padding(arguments),
            try sizes(arguments, "dilation"),
            try arguments.int("groups"),
            #fileID,
            #line
        )
        return ["output": output]
    }

    private static func transpose(
        _ function: Transpose,
        _ arguments: ParityArguments,
        _ inputs: ParityInputs
    ) throws -> [String: Tensor] {
        let output = function(
            inputs["input"],
            inputs["weight"],
            inputs.optional("bias"),
            try sizes(arguments, "stride"),
            try sizes(arguments, "padding"),
            try sizes(arguments, "outputPadding"),
            try arguments.int("groups"),
            try sizes(arguments, "dilation"),
            #fileID,
            #line
        )
        return ["output": output]
    }

    private static func layer<Rank: SpatialRank>(
        _ images: Rank.Type,
        _ arguments: ParityArguments,
        _ inputs: ParityInputs
    ) throws -> [String: Tensor] {
        let modes: [String: PaddingMode] = ["reflect": .reflect, "replicate": .replicate, "circular": .circular]
        let layer = try inputs.load(
            Convolution<Rank>(
                try arguments.int("inputs"),
                try arguments.int("outputs"),
                try sizes(arguments, "kernel"),
                stride: try sizes(arguments, "stride"),
                padding: try padding(arguments),
                dilation: try sizes(arguments, "dilation"),
                groups: try arguments.int("groups"),
                bias: try arguments.bool("bias"),
                paddingMode: modes[try arguments.string("paddingMode"), default: .constant]
            )
        )
        return ["output": layer(inputs["input"])]
    }

    private static func transposedLayer<Rank: SpatialRank>(
        _ images: Rank.Type,
        _ arguments: ParityArguments,
        _ inputs: ParityInputs
    ) throws -> [String: Tensor] {
        let layer = try inputs.load(
            TransposedConvolution<Rank>(
                try arguments.int("inputs"),
                try arguments.int("outputs"),
                try sizes(arguments, "kernel"),
                stride: try sizes(arguments, "stride"),
                padding: try sizes(arguments, "padding"),
                outputPadding: try sizes(arguments, "outputPadding"),
                groups: try arguments.int("groups"),
                bias: try arguments.bool("bias"),
                dilation: try sizes(arguments, "dilation")
            )
        )
        return ["output": layer(inputs["input"])]
    }
}
