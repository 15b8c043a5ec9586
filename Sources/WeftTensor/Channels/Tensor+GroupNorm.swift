import WeftRuntime

/// Normalisation of each image by itself. Weight and bias have the shape `[c]` and the input's dtype, or float32 beside a
/// 16-bit input, which is computed with as float32. Integers and truth values are computed as float32. Results lie in the
/// order of the input.
extension Tensor {
    /// (x - mean) / sqrt(variance + ε) · weight + bias, where of `[n, c, …]` each image's channels are normalised in groups
    /// of neighbours, each by its own mean and variance (Wu and He, "Group Normalization", 2018).
    ///
    /// - Parameters:
    ///   - groups: how many groups the channels are divided into.
    ///   - weight: a factor for each channel; nil for ones.
    ///   - bias: an offset for each channel; nil for zeros.
    ///   - epsilon: added to the variance, which divides by the number of values.
    ///
    /// Refused unless `groups` divides the channels and the shapes match, and where there is one image with one value in
    /// each group.
    public func groupNorm(
        groups: Int,
        weight: Tensor? = nil,
        bias: Tensor? = nil,
        epsilon: Double = 1e-5,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let (input, call) = (floatingPoint(at: CallSite(file, line)), Call("groupNorm", file, line))
        let norm = ChannelNorm(groups: groups, epsilon: epsilon, name: .groupNorm, call: call)
        return call.checked(standIn: input.layout.rowMajor, input.dtype) { call throws(Refusal) in
            try norm.check(input, ["weight": weight, "bias": bias])
            let channels = input.layout.sizes[1]
            try call.require(
                groups > 0 && channels % groups == 0,
                "\(channels) channels cannot be divided into \(groups) groups"
            )
            try call.require(
                channels == 0 || input.count != groups,
                "shape \(input.shape) has one value in each of \(groups) groups, which has no variance"
            )
            return norm.normalized(input, weight, bias).result
        }
    }

    /// (x - mean) / sqrt(variance + ε) · weight + bias, where of `[n, c, …]` each channel of each image is normalised by
    /// its own mean and variance (Ulyanov, Vedaldi and Lempitsky, "Instance Normalization", 2016).
    ///
    /// - Parameters:
    ///   - weight: a factor for each channel; nil for ones.
    ///   - bias: an offset for each channel; nil for zeros.
    ///   - epsilon: added to the variance, which divides by the number of values.
    ///
    /// Refused where the shapes do not match, or a channel of an image has one value only.
    public func instanceNorm(
        weight: Tensor? = nil,
        bias: Tensor? = nil,
        epsilon: Double = 1e-5,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        instanceNorm(weight, bias, epsilon, Call("instanceNorm", file, line)).result
    }

    /// As ``instanceNorm(weight:bias:epsilon:file:line:)`` if `useInputStats`, and moves the running statistics towards the
    /// averages of those of the images; by the running ones if not.
    ///
    /// - Parameters:
    ///   - runningMean: a mean for each channel; `momentum` times that of the images replaces as much of it.
    ///   - runningVar: a variance for each channel; likewise by the unbiased one of the images.
    public func instanceNorm(
        runningMean: inout Tensor,
        runningVar: inout Tensor,
        weight: Tensor? = nil,
        bias: Tensor? = nil,
        useInputStats: Bool = true,
        momentum: Double = 0.1,
        epsilon: Double = 1e-5,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let call = Call("instanceNorm", file, line)
        guard useInputStats else { return batchNorm(by: (runningMean, runningVar), weight, bias, epsilon, call) }
        let (result, statistics) = instanceNorm(weight, bias, running: (runningMean, runningVar), epsilon, call)
        statistics?.move(mean: &runningMean, variance: &runningVar, by: momentum)
        return result
    }

    /// The result and the averages of the images' statistics; nil where there are none, because there are no values or
    /// the call was refused.
    package func instanceNorm(
        _ weight: Tensor?,
        _ bias: Tensor?,
        running: (mean: Tensor, variance: Tensor)? = nil,
        _ epsilon: Double,
        _ call: Call
    ) -> (result: Tensor, statistics: ChannelStatistics?) {
        let input = floatingPoint(at: call.site)
        let channels = input.rank >= 2 ? input.layout.sizes[1] : 0
        // Without channels any number of groups will do.
        let norm = ChannelNorm(groups: Swift.max(channels, 1), epsilon: epsilon, name: .instanceNorm, call: call)
        var statistics: ChannelStatistics?
        let result = call.checked(standIn: input.layout.rowMajor, input.dtype) { call throws(Refusal) in
            try norm.check(
                input,
                ["weight": weight, "bias": bias, "running mean": running?.mean, "running variance": running?.variance]
            )
            let positions = (2..<input.rank).reduce(1) { $0 * input.layout.sizes[$1] }
            try call.require(
                positions != 1,
                "shape \(input.shape) has one value for each channel of an image, which has no variance"
            )
            let (result, kept) = norm.normalized(input, weight, bias)
            if input.count > 0, !result.isFailed {
                statistics = ChannelStatistics(kept, images: input.layout.sizes[0], count: positions)
            }
            return result
        }
        return (result, statistics)
    }
}
