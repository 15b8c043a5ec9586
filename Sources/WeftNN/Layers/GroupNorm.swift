public import WeftTensor

/// Normalises the channels of each image in groups of neighbours to mean 0 and variance 1, then scales and moves each
/// channel by learned numbers (Wu and He, 2018).
///
/// Takes tensors of shape `[n, numChannels, …]` and gives the same, in the same order in memory.
public final class GroupNorm: Layer {
    public let numGroups: Int
    public let numChannels: Int
    /// What is added to the variance.
    public let epsilon: Double
    /// The factors, of shape `[numChannels]`, at first 1; `nil` in a layer that does not scale.
    public let weight: Parameter?
    /// The offsets, of shape `[numChannels]`, at first 0; `nil` in a layer without.
    public let bias: Parameter?

    /// Refused unless `numGroups` is positive and divides `numChannels`.
    ///
    /// - Parameter affine: whether there are a weight and, if `bias`, offsets to learn.
    public init(
        _ numGroups: Int,
        _ numChannels: Int,
        epsilon: Double = 1e-5,
        affine: Bool = true,
        bias: Bool = true,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        let divides = numGroups > 0 && numChannels >= 0 && numChannels % numGroups == 0
        if !divides {
            refuse(
                "GroupNorm",
                "\(numChannels) channels cannot be divided into \(numGroups) groups",
                at: CallSite(file, line)
            )
        }
        let state = ChannelState(
            max(numChannels, 0),
            affine: affine,
            trackRunningStats: false,
            bias: bias,
            layer: "GroupNorm",
            at: CallSite(file, line)
        )
        self.numGroups = divides ? numGroups : 1
        self.numChannels = state.numFeatures
        self.epsilon = epsilon
        (weight, self.bias) = (state.weight, state.bias)
    }

    /// The output, of the shape of `input`, which is `[n, numChannels, …]`.
    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        guard input.isFailed || (input.rank >= 2 && input.extent(1) == numChannels) else {
            let call = Call("GroupNorm", file, line)
            return call.checked(standIn: input.layout.rowMajor, input.dtype.isFloatingPoint ? input.dtype : .float32) {
                call throws(Refusal) in
                throw call.refusal("the input has shape \(input.shape); [n, \(numChannels), …] is wanted")
            }
        }
        return input.groupNorm(
            groups: numGroups,
            weight: weight?.value,
            bias: bias?.value,
            epsilon: epsilon,
            file: file,
            line: line
        )
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }
}
