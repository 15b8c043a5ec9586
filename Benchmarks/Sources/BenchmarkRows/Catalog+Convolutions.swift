extension Catalog {
    static let convolutions: [Row] = convolutionShapes.flatMap { shape in
        ["forward", "backward"].map { convolution(shape, $0) }
    }

    /// A convolution of `channels` x `extents` inputs, or the transpose of one, with a bias.
    private struct Convolution {
        var batch: Int
        var channels: Int
        var extents: [Int]
        var outChannels: Int
        var kernel: [Int]
        var stride = 1
        var padding = 0
        /// Every channel has a kernel of its own.
        var isDepthwise = false
        var isTransposed = false

        var groups: Int { isDepthwise ? channels : 1 }

        var outExtents: [Int] {
            zip(extents, kernel).map { extent, kernel in
                isTransposed
                    ? (extent - 1) * stride - 2 * padding + kernel : (extent + 2 * padding - kernel) / stride + 1
            }
        }

        var name: String {
            let kind = (isTransposed ? "convtranspose" : "conv") + "\(extents.count)d"
            let filter = (isDepthwise ? "depthwise" : "\(outChannels)x") + joined(kernel)
            return "\(kind)/\(joined([batch, channels] + extents))/\(filter)" + (stride > 1 ? "s\(stride)" : "")
        }

        private func joined(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: "x") }
    }

    private static let convolutionShapes = [
        Convolution(batch: 8, channels: 64, extents: [56, 56], outChannels: 64, kernel: [3, 3], padding: 1),
        Convolution(batch: 8, channels: 64, extents: [56, 56], outChannels: 64, kernel: [3, 3], stride: 2, padding: 1),
        Convolution(batch: 8, channels: 64, extents: [56, 56], outChannels: 256, kernel: [1, 1]),
        Convolution(batch: 32, channels: 16, extents: [32, 32], outChannels: 16, kernel: [3, 3], padding: 1),
        Convolution(batch: 32, channels: 32, extents: [16, 16], outChannels: 32, kernel: [3, 3], padding: 1),
        Convolution(batch: 32, channels: 64, extents: [8, 8], outChannels: 64, kernel: [3, 3], padding: 1),
        Convolution(batch: 32, channels: 3, extents: [224, 224], outChannels: 32, kernel: [7, 7], stride: 2, padding: 3),
        Convolution(
            batch: 8,
            channels: 64,
            extents: [56, 56],
            outChannels: 64,
            kernel: [3, 3],
            padding: 1,
            isDepthwise: true
        ),
        Convolution(batch: 16, channels: 64, extents: [1000], outChannels: 64, kernel: [5], padding: 2),
        Convolution(batch: 2, channels: 16, extents: [16, 32, 32], outChannels: 16, kernel: [3, 3, 3], padding: 1),
        Convolution(
            batch: 8,
            channels: 64,
            extents: [28, 28],
            outChannels: 32,
            kernel: [4, 4],
            stride: 2,
            padding: 1,
            isTransposed: true
        ),
    ]

    private static let quickConvolutions: Set = [
        "conv2d/8x64x56x56/64x3x3/forward", "conv2d/8x64x56x56/64x3x3/backward",
        "conv2d/8x64x56x56/depthwise3x3/forward",
    ]

    private static func convolution(_ shape: Convolution, _ pass: String) -> Row {
        let channels = (input: shape.channels / shape.groups, output: shape.outChannels)
        let taps = shape.kernel.reduce(1, *)
        // A transposed convolution's weight has the input's channels first.
        let weight = (shape.isTransposed ? [channels.input, channels.output] : [channels.output, channels.input])
        let fanIn = channels.input * taps
        let input = [shape.batch, shape.channels] + shape.extents
        let output = [shape.batch, shape.outChannels] + shape.outExtents
        var list = InputList()
        list.uniform("x", input)
        list.learned("weight", weight + shape.kernel, fanIn: fanIn)
        list.learned("bias", [shape.outChannels], fanIn: fanIn)
        if pass == "backward" { list.uniform("gradient", output) }

        let (inputCount, outputCount) = (input.reduce(1, *), output.reduce(1, *))
        // Each element of the larger side of a transposed convolution meets only some of the taps.
        let meetings = shape.isTransposed ? inputCount * channels.output : outputCount * channels.input
        let forwardFlops = 2 * Double(meetings) * Double(taps)
        // Backward from the input, the weight and the output's gradient to gradients like the first two.
        let tensors = pass == "forward" ? inputCount + outputCount : 2 * inputCount + outputCount
        let positions = outputCount / shape.outChannels
        let name = "\(shape.name)/\(pass)"
        return Row(
            name: name,
            group: "convolve",
            kind: shape.isTransposed ? "convtranspose" : "conv",
            operation: pass,
            sizes: ["stride": shape.stride, "padding": shape.padding, "groups": shape.groups],
            inputs: list.inputs,
            tolerance: tolerance(ofSumsOver: pass == "forward" ? fanIn : max(fanIn, positions)),
            work: Row.Work(
                bound: shape.isDepthwise ? .memory : .compute,
                flops: pass == "forward" ? forwardFlops : 2 * forwardFlops,
                bytes: Double(tensors) * floatSize
            ),
            quick: quickConvolutions.contains(name)
        )
    }
}
