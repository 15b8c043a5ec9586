public import WeftTensor

/// Normalises each channel of its input to mean 0 and variance 1, then scales and moves it by learned numbers (Ioffe and
/// Szegedy, 2015): ``BatchNorm1d``, ``BatchNorm2d`` and ``BatchNorm3d``, by the dimensions of the images.
///
/// Takes tensors of shape `[n, numFeatures, …]` and gives the same, in the same order in memory. While training, mean and
/// variance are those of the batch, and the running ones move towards them; in evaluation mode the running ones are taken,
/// which is safe from any number of tasks. See ``withMode(_:_:)``.
public final class BatchNorm<Rank: SpatialRank>: Layer {
    public let numFeatures: Int
    /// What is added to the variance.
    public let epsilon: Double
    /// How much of the running statistics each batch replaces; `nil` for their average over all batches.
    public let momentum: Double?
    /// The factors, of shape `[numFeatures]`, at first 1; `nil` in a layer that does not scale.
    public let weight: Parameter?
    /// The offsets, of shape `[numFeatures]`, at first 0; `nil` in a layer without.
    public let bias: Parameter?
    /// The mean of each channel, at first 0; `nil` in a layer that takes those of each batch also in evaluation mode.
    public let runningMean: Buffer?
    /// The unbiased variance of each channel, at first 1.
    public let runningVar: Buffer?
    /// How many batches there have been.
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
        affine: Bool = true,
        trackRunningStats: Bool = true,
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
        case 1: "BatchNorm1d"
        case 2: "BatchNorm2d"
        default: "BatchNorm3d"
        }
    }

    /// The output, of the shape of `input`: `[n, numFeatures, …]`, or without positions `[n, numFeatures]` for
    /// ``BatchNorm1d``.
    ///
    /// Refused for other shapes, and while training if a channel has one value only.
    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let call = Call(Self.layerName, file, line)
        let fits = input.rank == Rank.spatialRank + 2 || (Rank.spatialRank == 1 && input.rank == 2)
        guard fits, input.extent(1) == numFeatures else {
            return input.isFailed ? input : refused(input, call)
        }
        let (weight, bias) = (weight?.value, bias?.value)
        guard let runningMean, let runningVar else { return input.batchNorm(weight, bias, epsilon, call).result }
        if Mode.current == .evaluation {
            return input.batchNorm(by: (runningMean.value, runningVar.value), weight, bias, epsilon, call)
        }
        let running = (runningMean.value, runningVar.value)
        let (result, statistics) = input.batchNorm(weight, bias, running: running, epsilon, call)
        if result.isFailed { return result }
        var batches = 0
        numBatchesTracked?.update {
            $0 = $0 + 1
            batches = $0.item(as: Int.self)
        }
        let factor = momentum ?? 1 / Double(max(batches, 1))
        if let statistics {
            runningMean.update { statistics.move(mean: &$0, by: factor) }
            runningVar.update { statistics.move(variance: &$0, by: factor) }
        }
        return result
    }

    private func refused(_ input: Tensor, _ call: Call) -> Tensor {
        let wanted = Rank.spatialRank == 1 ? "[n, \(numFeatures)] or [n, \(numFeatures), l]" : Rank.shape(numFeatures)
        return call.checked(standIn: input.layout.rowMajor, input.dtype.isFloatingPoint ? input.dtype : .float32) {
            call throws(Refusal) in
            throw call.refusal("the input has shape \(input.shape); \(wanted) is wanted")
        }
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }
}

/// Batch normalisation of vectors `[n, c]` and of sequences `[n, c, l]`.
public typealias BatchNorm1d = BatchNorm<OneDimension>
/// Batch normalisation of images `[n, c, h, w]`.
public typealias BatchNorm2d = BatchNorm<TwoDimensions>
/// Batch normalisation of volumes `[n, c, d, h, w]`.
public typealias BatchNorm3d = BatchNorm<ThreeDimensions>
