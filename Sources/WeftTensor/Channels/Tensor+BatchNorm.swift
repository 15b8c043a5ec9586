import WeftRuntime

/// Normalisation of channels by statistics over all images and positions: of `[n, c, …]` each channel c by its own mean
/// and variance (Ioffe and Szegedy, "Batch Normalization", 2015).
///
/// Weight, bias and running statistics have the shape `[c]` and the input's dtype, or float32 beside a 16-bit input, which
/// is computed with as float32. Integers and truth values are computed as float32. Results lie in the order of the input.
extension Tensor {
    /// (x - mean) / sqrt(variance + ε) · weight + bias, with the mean and the variance of each channel of this batch.
    ///
    /// - Parameters:
    ///   - weight: a factor for each channel; nil for ones.
    ///   - bias: an offset for each channel; nil for zeros.
    ///   - epsilon: added to the variance, which divides by the number of values.
    ///
    /// Refused where the shapes do not match, or a channel has one value only.
    public func batchNorm(
        weight: Tensor? = nil,
        bias: Tensor? = nil,
        epsilon: Double = 1e-5,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        batchNorm(weight, bias, epsilon, Call("batchNorm", file, line)).result
    }

    /// (x - runningMean) / sqrt(runningVar + ε) · weight + bias: what a trained network does.
    ///
    /// - Parameters:
    ///   - runningMean: a mean for each channel.
    ///   - runningVar: a variance for each channel.
    ///
    /// Otherwise as ``batchNorm(weight:bias:epsilon:file:line:)``; one value a channel is enough. No gradient flows to the
    /// statistics.
    public func batchNorm(
        runningMean: Tensor,
        runningVar: Tensor,
        weight: Tensor? = nil,
        bias: Tensor? = nil,
        epsilon: Double = 1e-5,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        batchNorm(by: (runningMean, runningVar), weight, bias, epsilon, Call("batchNorm", file, line))
    }

    /// Normalises by the statistics of this batch if `training`, and moves the running ones towards them; by the running
    /// ones if not.
    ///
    /// - Parameters:
    ///   - runningMean: a mean for each channel; in training `momentum` times the batch's replaces as much of it.
    ///   - runningVar: a variance for each channel; likewise by the batch's unbiased one.
    ///
    /// Otherwise as ``batchNorm(weight:bias:epsilon:file:line:)`` and
    /// ``batchNorm(runningMean:runningVar:weight:bias:epsilon:file:line:)``.
    public func batchNorm(
        runningMean: inout Tensor,
        runningVar: inout Tensor,
        weight: Tensor? = nil,
        bias: Tensor? = nil,
        training: Bool = false,
        momentum: Double = 0.1,
        epsilon: Double = 1e-5,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let call = Call("batchNorm", file, line)
        guard training else { return batchNorm(by: (runningMean, runningVar), weight, bias, epsilon, call) }
        let (result, statistics) = batchNorm(weight, bias, running: (runningMean, runningVar), epsilon, call)
        statistics?.move(mean: &runningMean, variance: &runningVar, by: momentum)
        return result
    }

    /// The result and this batch's statistics; nil where there are none, because there are no values or the call was
    /// refused.
    package func batchNorm(
        _ weight: Tensor?,
        _ bias: Tensor?,
        running: (mean: Tensor, variance: Tensor)? = nil,
        _ epsilon: Double,
        _ call: Call
    ) -> (result: Tensor, statistics: ChannelStatistics?) {
        let input = floatingPoint(at: call.site)
        // As in PyTorch, nothing stays nothing.
        if input.rank == 1 && input.count == 0 { return (input, nil) }
        let norm = ChannelNorm(groups: 0, epsilon: epsilon, name: .batchNorm, call: call)
        var statistics: ChannelStatistics?
        let result = call.checked(standIn: input.layout.rowMajor, input.dtype) { call throws(Refusal) in
            try norm.check(
                input,
                ["weight": weight, "bias": bias, "running mean": running?.mean, "running variance": running?.variance]
            )
            let channels = input.layout.sizes[1]
            try call.require(
                channels == 0 || input.count != channels,
                "shape \(input.shape) has one value for each channel, which has no variance to train with"
            )
            let (result, kept) = norm.normalized(input, weight, bias)
            if input.count > 0, !result.isFailed {
                statistics = ChannelStatistics(kept, images: 1, count: input.count / channels)
            }
            return result
        }
        return (result, statistics)
    }

    package func batchNorm(
        by statistics: (mean: Tensor, variance: Tensor),
        _ weight: Tensor?,
        _ bias: Tensor?,
        _ epsilon: Double,
        _ call: Call
    ) -> Tensor {
        let input = floatingPoint(at: call.site)
        if input.rank == 1 && input.count == 0 { return input }
        let norm = ChannelNorm(groups: 0, epsilon: epsilon, name: .batchNorm, call: call)
        return call.checked(standIn: input.layout.rowMajor, input.dtype) { call throws(Refusal) in
            try norm.check(
                input,
                [
                    "weight": weight, "bias": bias, "running mean": statistics.mean,
                    "running variance": statistics.variance,
                ]
            )
            return norm.normalized(input, weight, bias, given: statistics).result
        }
    }
}

/// The mean and the variance of each channel of a batch: what running statistics are moved towards.
package struct ChannelStatistics {
    /// Of shape `[c]`, in the numbers that were computed with.
    package let mean: Tensor
    /// The same; divides by one less than the number of values.
    package let variance: Tensor

    /// - Parameters:
    ///   - kept: what the kernels have measured.
    ///   - images: how many there are with statistics of their own, which are averaged.
    ///   - count: how many values each statistic is of.
    init(_ kept: Tensor, images: Int, count: Int) {
        func column(_ place: Int) -> Tensor {
            let column = kept.sliced(axis: 1, start: place, count: 1)
            return images == 1
                ? column.reshaped([column.count])
                : column.reshaped([images, column.count / images]).mean(axes: [0])
        }
        mean = column(3)
        variance = column(4) * (Double(count) / Double(count - 1))
    }

    package func move(mean: inout Tensor, variance: inout Tensor, by momentum: Double) {
        move(mean: &mean, by: momentum)
        move(variance: &variance, by: momentum)
    }

    package func move(mean: inout Tensor, by momentum: Double) { move(&mean, towards: self.mean, by: momentum) }

    package func move(variance: inout Tensor, by momentum: Double) {
        move(&variance, towards: self.variance, by: momentum)
    }

    private func move(_ running: inout Tensor, towards batch: Tensor, by momentum: Double) {
        let dtype = running.dtype
        noGrad {
            running = (running.widened * (1 - momentum) + batch * momentum).converted(to: dtype, at: nil)
        }
    }
}
