public import WeftTensor

/// Moves a learned window over its input, and gives for each place and each output channel the sum of what is in the window,
/// weighted, plus a bias, and an activation of that: ``Conv1d``, ``Conv2d`` and ``Conv3d``, by the dimensions of the images.
///
/// Takes tensors of shape `[n, inChannels, …]` and gives `[n, outChannels, …]`, or both without `n`; the output lies
/// channels-last in memory, the order that a network is quicker in. See ``conv2d(_:weight:bias:stride:padding:dilation:groups:file:line:)`` for the sizes.
///
/// ```swift
/// let first = Conv2d(3, 16, 3, padding: .same, activation: .relu)
/// ```
public final class Convolution<Rank: SpatialRank>: Layer, ActivatedLayer {
    public let inChannels: Int
    public let outChannels: Int
    /// The window's sizes.
    public let kernelSize: [Int]
    /// How far the window moves along each axis.
    public let stride: [Int]
    /// What is added around the input.
    public let padding: SpatialPadding
    /// The distance between the window's elements along each axis.
    public let dilation: [Int]
    /// How many groups the channels are split into, each of which sees only its own.
    public let groups: Int
    /// What is added: zeros, which `.constant` stands for, or elements of the input.
    public let paddingMode: PaddingMode
    /// Of shape `[outChannels, inChannels / groups, kernelSize…]`.
    public let weight: Parameter
    /// Of shape `[outChannels]`; `nil` in a layer without a bias.
    public let bias: Parameter?
    /// Applied last, while the sums are at hand and so quicker than by a layer of its own, with the same bits; `nil` for
    /// none.
    public let activation: Activation?

    /// Makes a layer whose weight and bias are drawn as PyTorch draws them: uniformly between -k and k, where k is
    /// `1 / sqrt(inChannels / groups · kernelSize…)`.
    ///
    /// Refused if a number of channels is negative or not divided by `groups`, a size is below 1, or padding `.same` is to
    /// go with another stride than 1.
    public init(
        _ inChannels: Int,
        _ outChannels: Int,
        _ kernelSize: SpatialSizes,
        stride: SpatialSizes = 1,
        padding: SpatialPadding = 0,
        dilation: SpatialSizes = 1,
        groups: Int = 1,
        bias: Bool = true,
        paddingMode: PaddingMode = .constant,
        activation: Activation? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        let site = CallSite(file, line)
        let state = ConvolutionState(
            inChannels,
            outChannels,
            kernelSize,
            stride,
            dilation,
            groups: groups,
            bias: bias,
            axes: Rank.spatialRank,
            isTransposed: false,
            layer: Rank.convolutionName,
            at: site
        )
        if padding == .same, state.stride.contains(where: { $0 != 1 }) {
            refuse(Rank.convolutionName, "padding .same does not go with stride \(state.stride)", at: site)
        }
        (self.inChannels, self.outChannels) = (state.inChannels, state.outChannels)
        (self.kernelSize, self.stride, self.dilation) = (state.kernelSize, state.stride, state.dilation)
        self.groups = state.groups
        self.padding = padding
        self.paddingMode = paddingMode
        (weight, self.bias) = (state.weight, state.bias)
        self.activation = activation
    }

    /// The output, of shape `[n, outChannels, …]`, for `input` of shape `[n, inChannels, …]`, or both without `n`.
    ///
    /// Refused for other shapes, and where the window is larger than the padded input.
    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        output(for: input, activation, file: file, line: line)
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }

    func output(for input: Tensor, _ activation: Activation?, file: StaticString, line: UInt) -> Tensor {
        let site = CallSite(file, line)
        var (input, padding) = (input, padding)
        let fits = input.rank == Rank.spatialRank + 1 || input.rank == Rank.spatialRank + 2
        if paddingMode != .constant, padding != .valid, fits {
            input = refusing(as: Rank.convolutionName, at: site) {
                input.padded(amounts, mode: paddingMode, file: file, line: line)
            }
            padding = .valid
        }
        return convolution(
            Rank.spatialRank,
            input,
            weight.value,
            bias?.value,
            SpatialSizes(stride),
            padding,
            SpatialSizes(dilation),
            groups,
            nil,
            activation: activation,
            layer: Rank.convolutionName,
            at: site
        )
    }

    /// How many elements go in front of each axis and behind it, the last axis first.
    private var amounts: [Int] {
        let both =
            switch padding {
            case .sizes(let sizes): sizes.spread(over: Rank.spatialRank) ?? []
            case .same, .valid: [Int]()
            }
        return (0..<Rank.spatialRank).reversed().flatMap { axis in
            if padding != .same { return both.isEmpty ? [0, 0] : [both[axis], both[axis]] }
            let total = dilation[axis] * (kernelSize[axis] - 1)
            return [total / 2, total - total / 2]
        }
    }
}

/// Convolution of sequences `[n, c, l]`.
public typealias Conv1d = Convolution<OneDimension>
/// Convolution of images `[n, c, h, w]`.
public typealias Conv2d = Convolution<TwoDimensions>
/// Convolution of volumes `[n, c, d, h, w]`.
public typealias Conv3d = Convolution<ThreeDimensions>
