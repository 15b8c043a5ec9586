import WeftTensor

/// Sets whole channels to zero at random while training, and scales the others so that the mean stays (Tompson et al.,
/// 2014); of `[batch, channels, length]` or, without a batch, `[channels, length]`.
///
/// In evaluation mode the output is the input. See ``withMode(_:_:)``.
public final class Dropout1d: FunctionLayer {
    public let function: TensorFunction

    /// - Parameter probability: the probability with which a channel is dropped. Refused unless it is from 0 to 1.
    public init(_ probability: Double = 0.5, file: StaticString = #fileID, line: UInt = #line) {
        let site = CallSite(file, line)
        let dropping = RandomDrop(probability, "Dropout1d", unbatchedRanks: 2...2, ranks: 2...3, at: site)
        function = dropping.function
    }
}

/// Sets whole channels to zero at random while training, and scales the others so that the mean stays (Tompson et al.,
/// 2014); of `[batch, channels, height, width]`. Three dimensions are `[batch, channels, length]`, as in PyTorch.
///
/// In evaluation mode the output is the input. See ``withMode(_:_:)``.
public final class Dropout2d: FunctionLayer {
    public let function: TensorFunction

    /// - Parameter probability: the probability with which a channel is dropped. Refused unless it is from 0 to 1.
    public init(_ probability: Double = 0.5, file: StaticString = #fileID, line: UInt = #line) {
        let dropping = RandomDrop(probability, "Dropout2d", ranks: 3...4, at: CallSite(file, line))
        function = dropping.function
    }
}

/// Sets whole channels to zero at random while training, and scales the others so that the mean stays (Tompson et al.,
/// 2014); of `[batch, channels, depth, height, width]` or, without a batch, `[channels, depth, height, width]`.
///
/// In evaluation mode the output is the input. See ``withMode(_:_:)``.
public final class Dropout3d: FunctionLayer {
    public let function: TensorFunction

    /// - Parameter probability: the probability with which a channel is dropped. Refused unless it is from 0 to 1.
    public init(_ probability: Double = 0.5, file: StaticString = #fileID, line: UInt = #line) {
        let site = CallSite(file, line)
        let dropping = RandomDrop(probability, "Dropout3d", unbatchedRanks: 4...4, ranks: 4...5, at: site)
        function = dropping.function
    }
}

/// Sets elements to the least value of ``SELU`` at random while training, and scales and moves all so that mean 0 and
/// variance 1 stay (Klambauer et al., 2017); any shape. In evaluation mode the output is the input.
public final class AlphaDropout: FunctionLayer {
    public let function: TensorFunction

    /// - Parameter probability: the probability with which an element is dropped. Refused unless it is from 0 to 1.
    public init(_ probability: Double = 0.5, file: StaticString = #fileID, line: UInt = #line) {
        let dropping = RandomDrop(
            probability,
            "AlphaDropout",
            ranks: nil,
            keepsVariance: true,
            at: CallSite(file, line)
        )
        function = dropping.function
    }
}

/// As ``AlphaDropout``, of whole channels: of `[batch, channels, …]`.
public final class FeatureAlphaDropout: FunctionLayer {
    public let function: TensorFunction

    /// - Parameter probability: the probability with which a channel is dropped. Refused unless it is from 0 to 1.
    public init(_ probability: Double = 0.5, file: StaticString = #fileID, line: UInt = #line) {
        let site = CallSite(file, line)
        let dropping = RandomDrop(probability, "FeatureAlphaDropout", ranks: 2...8, keepsVariance: true, at: site)
        function = dropping.function
    }
}

/// What the layers above, and the functions of these names, have in common.
struct RandomDrop {
    let probability: Double
    let layer: StaticString
    /// Ranks of an input without a batch, whose channels are the first axis, and not the second.
    var unbatchedRanks: ClosedRange<Int>?
    /// Ranks of an input whose channels are dropped; nil where elements are.
    let ranks: ClosedRange<Int>?
    var keepsVariance = false

    init(
        _ probability: Double,
        _ layer: StaticString,
        unbatchedRanks: ClosedRange<Int>? = nil,
        ranks: ClosedRange<Int>?,
        keepsVariance: Bool = false,
        at site: CallSite
    ) {
        self.probability = checkedProbability(probability, layer, at: site)
        self.layer = layer
        self.unbatchedRanks = unbatchedRanks
        self.ranks = ranks
        self.keepsVariance = keepsVariance
    }

    var function: TensorFunction {
        TensorFunction { dropped($0, isTraining: Mode.current == .training, at: CallSite($1, $2)) }
    }

    func dropped(_ input: Tensor, isTraining: Bool, at site: CallSite) -> Tensor {
        if let ranks, !ranks.contains(input.rank) {
            let wanted = ranks.upperBound == 8 ? "at least 2" : "\(ranks.lowerBound) or \(ranks.upperBound)"
            refuse(layer, "shape \(input.shape) has not \(wanted) dimensions", at: site)
            return .failed(like: input)
        }
        guard isTraining, probability > 0, !input.isFailed else { return input }
        var shape = input.shape
        if ranks != nil {
            let channels = unbatchedRanks?.contains(input.rank) == true ? 1 : 2
            for axis in channels..<max(shape.count, channels) { shape[axis] = 1 }
        }
        let dtype = input.dtype.isFloatingPoint ? input.dtype : .float32
        guard keepsVariance, probability < 1 else {
            return input * Tensor.dropoutMask(shape, dtype: dtype, probability: probability, at: site)
        }
        // What SELU tends to, and the line that keeps mean and variance.
        let least = -1.7580993408473766
        let scale = 1 / ((least * least * probability + 1) * (1 - probability)).squareRoot()
        let kept = Tensor.dropoutMask(shape, dtype: dtype, probability: probability, scale: 1, at: site)
        return input * (kept * scale) + ((kept - 1) * (least * scale) + least * scale * probability)
    }
}

/// `probability` if it is one; otherwise 0, after refusing.
func checkedProbability(_ probability: Double, _ layer: StaticString, at site: CallSite) -> Double {
    if (0...1).contains(probability) { return probability }
    refuse(layer, "the probability is \(probability); it must be from 0 to 1", at: site)
    return 0
}
