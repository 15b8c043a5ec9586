import WeftRuntime

/// The arguments of a convolution or of its transpose, before they are checked.
struct ConvolutionArguments {
    let axes: Int
    let isTransposed: Bool
    let stride: SpatialSizes
    let padding: SpatialPadding
    let dilation: SpatialSizes
    let groups: Int
    var outputPadding: SpatialSizes = 0

    /// The operation's name.
    var operation: StaticString {
        switch (axes, isTransposed) {
        case (1, false): "conv1d"
        case (2, false): "conv2d"
        case (_, false): "conv3d"
        case (1, true): "convTranspose1d"
        case (2, true): "convTranspose2d"
        case (_, true): "convTranspose3d"
        }
    }

    /// The convolution with these arguments of `input`, which has a batch, or of which it is the transpose.
    func convolution(_ input: Tensor, _ weight: Tensor, _ bias: Tensor?, _ call: Call) throws(Refusal) -> Convolution {
        try checkChannels(input, weight, bias, call)
        let kernel = Array(weight.shape.suffix(axes))
        try call.require(kernel.allSatisfy { $0 > 0 }, "a kernel of sizes \(kernel) is empty")
        let stride = try call.spatial(stride, "stride", axes: axes, atLeast: 1)
        let dilation = try call.spatial(dilation, "dilation", axes: axes, atLeast: 1)
        let (front, back) = try padding(kernel, stride, dilation, call)
        let sizes = Array(input.shape.suffix(axes))
        let reach = (0..<axes).map { dilation[$0] * (kernel[$0] - 1) + 1 }
        if isTransposed {
            let more = try call.spatial(outputPadding, "output padding", axes: axes, atLeast: 0)
            try call.require(
                (0..<axes).allSatisfy { more[$0] < Swift.max(stride[$0], dilation[$0]) },
                "output padding \(more) must be smaller than stride \(stride) or dilation \(dilation) along each axis"
            )
            var results = sizes
            for axis in 0..<axes {
                let room = reach[axis] + more[axis] - front[axis] - back[axis]
                results[axis] = (sizes[axis] - 1) * stride[axis] + room
            }
            try call.require(
                results.allSatisfy { $0 > 0 },
                "an input of shape \(input.shape) is too small: the output would have sizes \(results)"
            )
            return Convolution(
                batch: input.extent(0),
                groups: groups,
                inputChannels: weight.extent(1) * groups,
                outputChannels: weight.extent(0),
                inputSizes: results,
                outputSizes: sizes,
                kernel: kernel,
                stride: stride,
                dilation: dilation,
                padding: front
            )
        }
        var (padded, results) = (sizes, sizes)
        for axis in 0..<axes {
            padded[axis] += front[axis] + back[axis]
            results[axis] = (padded[axis] - reach[axis]) / stride[axis] + 1
        }
        try call.require(
            (0..<axes).allSatisfy { padded[$0] >= reach[$0] },
            "a kernel of sizes \(kernel) with dilation \(dilation) is larger than the padded input, \(padded)"
        )
        return Convolution(
            batch: input.extent(0),
            groups: groups,
            inputChannels: input.extent(1),
            // PyTorch's: without channels that come in, none go out.
            outputChannels: input.extent(1) == 0 ? 0 : weight.extent(0),
            inputSizes: sizes,
            outputSizes: results,
            kernel: kernel,
            stride: stride,
            dilation: dilation,
            padding: front
        )
    }

    private func checkChannels(_ input: Tensor, _ weight: Tensor, _ bias: Tensor?, _ call: Call) throws(Refusal) {
        let kind: StaticString =
            isTransposed ? "[inputs, outputs / groups, kernel…]" : "[outputs, inputs / groups, kernel…]"
        try call.require(
            input.rank == axes + 2,
            "an input of shape \(input.shape) does not fit: [batch, channels, …] or [channels, …] with \(axes) spatial "
                + "\(axes == 1 ? "axis is" : "axes are") wanted"
        )
        try call.require(
            weight.rank == axes + 2,
            "a weight of shape \(weight.shape) does not fit: \(kind) with \(axes) spatial \(axes == 1 ? "axis" : "axes") "
                + "is wanted"
        )
        try call.require(groups > 0, "\(groups) groups are too few: at least 1 is wanted")
        let (inputs, rows) = (input.extent(1), weight.extent(0))
        try call.require(
            inputs % groups == 0 && rows % groups == 0,
            "\(groups) groups do not divide \(inputs) input channels and the first size of a weight of shape "
                + "\(weight.shape)"
        )
        let expected = isTransposed ? rows : weight.extent(1) * groups
        try call.require(
            inputs == expected,
            "an input of shape \(input.shape) has \(inputs) channels: a weight of shape \(weight.shape) with \(groups) "
                + "\(groups == 1 ? "group" : "groups") takes \(expected)"
        )
        let outputs = isTransposed ? weight.extent(1) * groups : rows
        if let bias {
            try call.require(
                bias.rank == 1 && bias.extent(0) == outputs,
                "a bias of shape \(bias.shape) does not fit: [\(outputs)] is wanted"
            )
        }
    }

    /// The zeros in front of each axis and behind it.
    private func padding(
        _ kernel: [Int],
        _ stride: [Int],
        _ dilation: [Int],
        _ call: Call
    ) throws(Refusal) -> ([Int], [Int]) {
        switch padding {
        case .valid:
            let none = kernel.map { _ in 0 }
            return (none, none)
        case .sizes(let sizes):
            let both = try call.spatial(sizes, "padding", axes: axes, atLeast: 0)
            return (both, both)
        case .same:
            try call.require(!isTransposed, "a transposed convolution has no padding .same")
            try call.require(
                stride.allSatisfy { $0 == 1 },
                "padding .same does not go with stride \(stride): an output has the input's sizes only at stride 1"
            )
            let total = (0..<axes).map { dilation[$0] * (kernel[$0] - 1) }
            return (total.map { $0 / 2 }, total.map { $0 - $0 / 2 })
        }
    }

    /// The layout that the right call would have had, as far as it can be told.
    func nearest(_ input: Tensor, _ weight: Tensor) -> Layout {
        let isBatched = input.rank != axes + 1
        let outputs = weight.rank < 2 ? 0 : isTransposed ? weight.extent(1) * Swift.max(groups, 1) : weight.extent(0)
        let one = Array(repeating: 1, count: axes)
        let (stride, dilation) = (stride.spread(over: axes) ?? one, dilation.spread(over: axes) ?? one)
        let more = outputPadding.spread(over: axes) ?? one
        let kernel = weight.rank == axes + 2 ? Array(weight.shape.suffix(axes)) : one
        let sizes = input.rank >= axes ? Array(input.shape.suffix(axes)) : one
        var both = one.map { _ in 0 }
        if case .sizes(let sizes) = padding { both = sizes.spread(over: axes) ?? both }
        var results = sizes
        for axis in 0..<axes where padding != .same {
            let reach = dilation[axis] * (kernel[axis] - 1) + 1
            let padding = 2 * both[axis]
            if isTransposed {
                results[axis] = (sizes[axis] - 1) * stride[axis] - padding + reach + more[axis]
            } else {
                results[axis] = Swift.max(sizes[axis] + padding - reach, -1) / Swift.max(stride[axis], 1) + 1
            }
        }
        let batch = isBatched ? [input.rank == axes + 2 ? input.extent(0) : 1] : []
        return Layout(nearest: batch + [outputs] + results.map { Swift.max($0, 0) })
    }
}
