import WeftRuntime

/// A convolution: all its sizes, and how its windows lie. `x` has shape [batch, inputChannels, inputSizes…], `weight`
/// [outputChannels, inputChannels / groups, kernel…], `y` [batch, outputChannels, outputSizes…], each spatial size for one
/// axis, of which there are one to three.
///
/// With any two of the three tensors goes a product that gives the third, and each is a derivative of the others:
/// `y` of `x` and `weight` is the convolution; `x` of `y` and `weight` is its transpose, the gradient of its input; and
/// `weight` of `y` and `x` is the gradient of its weight. So a derivative of any order is one of them.
struct Convolution: Sendable {
    let batch: Int
    let groups: Int
    let inputChannels: Int
    let outputChannels: Int
    let inputSizes: [Int]
    let outputSizes: [Int]
    let kernel: [Int]
    let stride: [Int]
    let dilation: [Int]
    /// Zeros in front of each axis. How many there are behind it follows from the sizes.
    let padding: [Int]

    var axes: Int { kernel.count }

    /// The layouts of the three, row-major.
    var input: Layout { Layout(rowMajor: [batch, inputChannels] + inputSizes) }
    var output: Layout { Layout(rowMajor: [batch, outputChannels] + outputSizes) }
    var weight: Layout { Layout(rowMajor: [outputChannels, inputChannels / groups] + kernel) }

    /// What the kernel takes as an axis. Axes along which nothing is mixed and nothing added become one, which is longer.
    func tableAxes(isTransposed: Bool) -> [ConvolutionTable.Axis] {
        let (source, result) = isTransposed ? (outputSizes, inputSizes) : (inputSizes, outputSizes)
        if isPointwise {
            let count = source.reduce(1, *)
            return [.init(source: count, result: count, kernel: 1, stride: 1, dilation: 1, padding: 0)]
        }
        return (0..<axes).map { axis in
            ConvolutionTable.Axis(
                source: source[axis],
                result: result[axis],
                kernel: kernel[axis],
                stride: stride[axis],
                dilation: dilation[axis],
                padding: padding[axis]
            )
        }
    }

    /// Whether each position of the output is a product of that of the input alone.
    private var isPointwise: Bool {
        kernel.allSatisfy { $0 == 1 } && stride.allSatisfy { $0 == 1 } && padding.allSatisfy { $0 == 0 }
            && inputSizes == outputSizes
    }

    /// The product that gives the output, or with `isTransposed` the input, as the kernels are told of it.
    ///
    /// - Parameter strides: of the weight.
    func table(isTransposed: Bool, _ format: MemoryFormat, weight strides: Layout) -> ConvolutionTable {
        let (input, output) = (inputChannels / groups, outputChannels / groups)
        let group = output * strides.strides[0]
        let tableAxes = tableAxes(isTransposed: isTransposed)
        return ConvolutionTable(
            batch: batch,
            groups: groups,
            sourceChannels: isTransposed ? output : input,
            resultChannels: isTransposed ? input : output,
            axes: tableAxes,
            isTransposed: isTransposed,
            isChannelsLast: format == .channelsLast,
            weightStrides: isTransposed
                ? (group, strides.strides[1], strides.strides[0]) : (group, strides.strides[0], strides.strides[1]),
            windowStrides: tableAxes.count == axes ? (0..<axes).map { strides.strides[2 + $0] } : [0]
        )
    }
}

/// Which of a convolution's three tensors is computed from the other two.
enum ConvolutionProduct: Sendable {
    case output, input, weight
}
