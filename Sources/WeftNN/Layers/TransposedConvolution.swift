public import WeftTensor

/// Spreads each element of its input over a learned window of the output, weighted, windows `stride` apart, adds a bias, and
/// applies an activation: ``ConvTranspose1d``, ``ConvTranspose2d`` and ``ConvTranspose3d``, by the dimensions of the images.
///
/// Takes tensors of shape `[n, inChannels, …]` and gives `[n, outChannels, …]`, or both without `n`; the output lies
/// channels-last in memory, the order that a network is quicker in. See ``convTranspose2d(_:weight:bias:stride:padding:outputPadding:groups:dilation:file:line:)`` for the sizes.
public final class TransposedConvolution<Rank: SpatialRank>: Layer, ActivatedLayer {
    public let inChannels: Int
    public let outChannels: Int
    /// The window's sizes.
    public let kernelSize: [Int]
    /// How far windows are apart along each axis.
    public let stride: [Int]
    /// How much is left out on both sides of the output.
    public let padding: SpatialSizes
    /// How much is added behind the output.
    public let outputPadding: SpatialSizes
    /// How many groups the channels are split into, each of which sees only its own.
    public let groups: Int
    /// The distance between the window's elements along each axis.
    public let dilation: [Int]
    /// Of shape `[inChannels, outChannels / groups, kernelSize…]`.
    public let weight: Parameter
    /// Of shape `[outChannels]`; `nil` in a layer without a bias.
    public let bias: Parameter?
    /// Applied last, while the sums are at hand; `nil` for none.
    public let activation: Activation?

    /// Makes a layer whose weight and bias are drawn as PyTorch draws them: uniformly between -k and k, where k is
    /// `1 / sqrt(outChannels / groups · kernelSize…)`.
    ///
    /// Refused if a number of channels is negative or not divided by `groups`, or a size is below 1.
    public init(
        _ inChannels: Int,
        _ outChannels: Int,
        _ kernelSize: SpatialSizes,
        stride: SpatialSizes = 1,
        padding: SpatialSizes = 0,
        outputPadding: SpatialSizes = 0,
        groups: Int = 1,
        bias: Bool = true,
        dilation: SpatialSizes = 1,
        activation: Activation? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        let state = ConvolutionState(
            inChannels,
            outChannels,
            kernelSize,
            stride,
            dilation,
            groups: groups,
            bias: bias,
            axes: Rank.spatialRank,
            isTransposed: true,
            layer: Rank.transposeName,
            at: CallSite(file, line)
        )
        (self.inChannels, self.outChannels) = (state.inChannels, state.outChannels)
        (self.kernelSize, self.stride, self.dilation) = (state.kernelSize, state.stride, state.dilation)
        self.groups = state.groups
        self.padding = padding
        self.outputPadding = outputPadding
        (weight, self.bias) = (state.weight, state.bias)
        self.activation = activation
    }

    /// The output, of shape `[n, outChannels, …]`, for `input` of shape `[n, inChannels, …]`, or both without `n`.
    ///
    /// Refused for other shapes, and where nothing would be left.
    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        output(for: input, activation, file: file, line: line)
    }

    /// The output with the spatial sizes `outputSize`, one for each axis, of those that differ by less than the stride.
    public func callAsFunction(
        _ input: Tensor,
        outputSize: [Int],
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let axes = Rank.spatialRank
        let call = Call(Rank.transposeName, file, line)
        let sizes = Array(input.shape.suffix(axes))
        let nearest = Layout(nearest: input.shape.dropLast(axes).dropLast() + [outChannels] + outputSize)
        return call.checked(standIn: nearest, input.dtype) { call throws(Refusal) in
            try call.require(
                outputSize.count == axes && (input.rank == axes + 1 || input.rank == axes + 2),
                "an input of shape \(input.shape) cannot have an output of sizes \(outputSize)"
            )
            let padding = try call.spatial(padding, "padding", axes: axes, atLeast: 0)
            var more = outputSize
            for axis in 0..<axes {
                let window = dilation[axis] * (kernelSize[axis] - 1) + 1
                let least = (sizes[axis] - 1) * stride[axis] - 2 * padding[axis] + window
                more[axis] -= least
                try call.require(
                    more[axis] >= 0 && more[axis] < stride[axis],
                    "size \(outputSize[axis]) of the output is not one of \(least) ..< \(least + stride[axis])"
                )
            }
            return transposed(input, SpatialSizes(more), activation, CallSite(file, line))
        }
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }

    func output(for input: Tensor, _ activation: Activation?, file: StaticString, line: UInt) -> Tensor {
        transposed(input, outputPadding, activation, CallSite(file, line))
    }

    private func transposed(
        _ input: Tensor,
        _ outputPadding: SpatialSizes,
        _ activation: Activation?,
        _ site: CallSite
    ) -> Tensor {
        convolution(
            Rank.spatialRank,
            input,
            weight.value,
            bias?.value,
            SpatialSizes(stride),
            .sizes(padding),
            SpatialSizes(dilation),
            groups,
            outputPadding,
            activation: activation,
            layer: Rank.transposeName,
            at: site
        )
    }
}

/// Transposed convolution of sequences `[n, c, l]`.
public typealias ConvTranspose1d = TransposedConvolution<OneDimension>
/// Transposed convolution of images `[n, c, h, w]`.
public typealias ConvTranspose2d = TransposedConvolution<TwoDimensions>
/// Transposed convolution of volumes `[n, c, d, h, w]`.
public typealias ConvTranspose3d = TransposedConvolution<ThreeDimensions>
