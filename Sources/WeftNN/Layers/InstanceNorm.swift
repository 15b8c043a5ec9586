public import WeftTensor

/// Normalises each channel of each image to mean 0 and variance 1 (Ulyanov, Vedaldi and Lempitsky, 2016):
/// ``InstanceNorm1d``, ``InstanceNorm2d`` and ``InstanceNorm3d``, by the dimensions of the images.
///
/// Takes tensors of shape `[n, numFeatures, …]`, or one image `[numFeatures, …]`, and gives the same, in the same order in
/// memory. A layer with running statistics takes those in evaluation mode, which is safe from any number of tasks; see
/// ``withMode(_:_:)``.
public final class InstanceNorm<Rank: SpatialRank>: Layer {
    public let numFeatures: Int
    /// What is added to the variance.
    public let epsilon: Double
    /// How much of the running statistics each batch replaces; `nil` for nothing.
    public let momentum: Double?
    /// The factors, of shape `[numFeatures]`, at first 1; `nil` in a layer that does not scale.
    public let weight: Parameter?
    /// The offsets, of shape `[numFeatures]`, at first 0; `nil` in a layer without.
    public let bias: Parameter?
    /// The mean of each channel, averaged over images, at first 0; `nil` in a layer without running statistics.
    public let runningMean: Buffer?
    /// The unbiased variance of each channel, averaged over images, at first 1.
    public let runningVar: Buffer?
    /// Stays 0, as PyTorch's does.
    public let numBatchesTracked: Buffer?

    /// Refused if `numFeatures` is negative.
    ///
    /// - Parameters:
    ///   - affine: whether there are a weight and, if `bias`, offsets to learn.
    ///   - trackRunningStats: whether there are running statistics.
    public init(
        _ numFeatures: Int,
        epsilon: Double = 1e-5,
        momentum: Double? = 0.1,
        affine: Bool = false,
        trackRunningStats: Bool = false,
        bias: Bool = true,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        let state = ChannelState(
            numFeatures,
            affine: affine,
            trackRunningStats: trackRunningStats,
            bias: bias,
            layer: Self.layerName,
            at: CallSite(file, line)
        )
        self.numFeatures = state.numFeatures
        self.epsilon = epsilon
        self.momentum = momentum
        (weight, self.bias) = (state.weight, state.bias)
        (runningMean, runningVar) = (state.runningMean, state.runningVar)
        numBatchesTracked = state.numBatchesTracked
    }

    public static var stateDictNames: [String: String] { ChannelState.stateDictNames }

    private static var layerName: StaticString {
        switch Rank.spatialRank {
        case 1: "InstanceNorm1d"
        case 2: "InstanceNorm2d"
        default: "InstanceNorm3d"
        }
    }

    /// The output, of the shape of `input`: `[n, numFeatures, …]`, or `[numFeatures, …]`.
    ///
    /// Refused for other shapes, and if a channel of an image has one value only and running statistics do not stand in.
    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let call = Call(Self.layerName, file, line)
        let isOne = input.rank == Rank.spatialRank + 1
        guard isOne || input.rank == Rank.spatialRank + 2, input.extent(isOne ? 0 : 1) == numFeatures else {
            return input.isFailed ? input : refused(input, call)
        }
        let batch = isOne ? input.unsqueezed(axis: 0) : input
        let result = normalized(batch, call)
        return isOne ? result.squeezed(axis: 0) : result
    }

    private func normalized(_ input: Tensor, _ call: Call) -> Tensor {
        let (weight, bias) = (weight?.value, bias?.value)
        guard let runningMean, let runningVar else { return input.instanceNorm(weight, bias, epsilon, call).result }
        let running = (runningMean.value, runningVar.value)
        if Mode.current == .evaluation { return input.batchNorm(by: running, weight, bias, epsilon, call) }
        let (result, statistics) = input.instanceNorm(weight, bias, running: running, epsilon, call)
        if let statistics, let momentum {
            runningMean.update { statistics.move(mean: &$0, by: momentum) }
            runningVar.update { statistics.move(variance: &$0, by: momentum) }
        }
        return result
    }

    private func refused(_ input: Tensor, _ call: Call) -> Tensor {
        call.checked(standIn: input.layout.rowMajor, input.dtype.isFloatingPoint ? input.dtype : .float32) {
            call throws(Refusal) in
            throw call.refusal(
                "the input has shape \(input.shape); \(Rank.shape(numFeatures)), or that without n, is wanted"
            )
        }
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }
}

/// Instance normalisation of sequences `[n, c, l]`.
public typealias InstanceNorm1d = InstanceNorm<OneDimension>
/// Instance normalisation of images `[n, c, h, w]`.
public typealias InstanceNorm2d = InstanceNorm<TwoDimensions>
/// Instance normalisation of volumes `[n, c, d, h, w]`.
public typealias InstanceNorm3d = InstanceNorm<ThreeDimensions>
