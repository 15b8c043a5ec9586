import WeftRuntime

extension KernelFamily {
    fileprivate static let channelSums = KernelFamily("channel_sums")
    fileprivate static let channelStatistics = KernelFamily("channel_statistics")
    fileprivate static let channelNormalize = KernelFamily("channel_normalize")
    fileprivate static let channelBackwardSums = KernelFamily("channel_backward_sums")
    fileprivate static let channelSlopes = KernelFamily("channel_slopes")
    fileprivate static let channelShares = KernelFamily("channel_shares")
    fileprivate static let channelBackward = KernelFamily("channel_backward")
}

/// How channels are normalised: batch, group and instance norm are one thing with statistics over different points.
struct ChannelNorm {
    /// Groups of channels with statistics of their own in each image; 0 where each channel has one over all images.
    let groups: Int
    let epsilon: Double
    let name: RecordedOperation.Name
    let call: Call

    private static let nanosecondsPerPoint = 0.15

    /// Refuses what does not fit a tensor with channels: parameters are of the input's dtype, or float32 beside a 16-bit
    /// input.
    func check(_ input: Tensor, _ parameters: KeyValuePairs<String, Tensor?>) throws(Refusal) {
        try call.require(input.rank >= 2, "shape \(input.shape) has no channels: it must have two dimensions or more")
        let channels = input.layout.sizes[1]
        for (name, parameter) in parameters {
            guard let parameter else { continue }
            try call.require(
                parameter.rank == 1 && parameter.layout.sizes[0] == channels
                    && (parameter.dtype == input.dtype || parameter.dtype == input.sumDType),
                "a \(parameter.dtype) \(name) of shape \(parameter.shape) does not fit: \(channels) numbers for the "
                    + "channels of a \(input.dtype) input of shape \(input.shape) are wanted"
            )
        }
    }

    /// The normalised `input`, recorded.
    ///
    /// - Parameter given: a mean and a variance for each channel, in place of the input's own.
    /// - Returns: also what was measured: five numbers for each statistic.
    func normalized(
        _ input: Tensor,
        _ weight: Tensor?,
        _ bias: Tensor?,
        given: (mean: Tensor, variance: Tensor)? = nil
    ) -> (result: Tensor, kept: Tensor) {
        let (result, kept) = forward(input, weight, bias, given)
        let norm = self
        var inputs = [input]
        if let weight { inputs.append(weight) }
        if let bias { inputs.append(bias) }
        let places = (weight: weight == nil ? nil : 1, bias: bias == nil ? nil : inputs.count - 1)
        let (keptPlace, isGiven) = (inputs.count, given != nil)
        let recorded = Tensor.recorded(RecordedOperation(name), result, from: inputs, saving: [kept]) {
            gradient,
            step in
            if GradientMode.isEnabled {
                norm.giveComposed(gradient, step, places, kept: step[keptPlace], isGiven: isGiven)
            } else {
                norm.giveFused(gradient, step, places, kept: step[keptPlace], isGiven: isGiven)
            }
        }
        return (recorded, kept)
    }

    private func uninitialized(_ shape: [Int], _ dtype: DType) -> Tensor {
        .uninitialized(like: Layout(rowMajor: shape), dtype: dtype, call)
    }

    /// A parameter as kernels read it, in the numbers that are computed with.
    private func read(_ parameter: Tensor?, of input: Tensor) -> Tensor? {
        parameter?.converted(to: input.sumDType, at: call.site).contiguous(at: call.site)
    }

    private func forward(
        _ input: Tensor,
        _ weight: Tensor?,
        _ bias: Tensor?,
        _ given: (mean: Tensor, variance: Tensor)?
    ) -> (result: Tensor, kept: Tensor) {
        let points = ChannelPoints(input, groups: groups, at: call.site)
        let result = points.uninitialized(input.dtype, operation: call.operation, at: call.site)
        let kept = uninitialized([points.statistics, 5], input.sumDType)
        guard let measure = KernelFamily.channelStatistics[input.dtype],
            let normalize = KernelFamily.channelNormalize[input.dtype]
        else { return (result, kept) }
        let sums = given == nil ? sums(points, .channelSums, gradient: nil, kept: nil) : nil
        let (mean, variance) = (read(given?.mean, of: input), read(given?.variance, of: input))
        var launch = points.launch(
            measure,
            items: points.statistics,
            nanosecondsPerItem: 20 + 8 * Double(given == nil ? points.sumsPerStatistic : 0)
        )
        launch.append(perChannel: kept)
        launch.append(perChannel: sums)
        points.append(points.tensor, to: &launch)
        launch.append(perChannel: mean)
        launch.append(perChannel: variance)
        launch.setNumber(0, epsilon)
        Tensor.runWithoutScratch(&launch)

        let (weight, bias) = (read(weight, of: input), read(bias, of: input))
        launch = points.launch(normalize, nanosecondsPerPoint: Self.nanosecondsPerPoint)
        points.append(result, to: &launch)
        points.append(points.tensor, to: &launch)
        launch.append(perChannel: kept)
        launch.append(perChannel: weight)
        launch.append(perChannel: bias)
        launch.streamBeyondCaches(byteCount: 2 * input.count * input.dtype.size)
        Tensor.runWithoutScratch(&launch)
        withExtendedLifetime((points, result, kept, sums, mean, variance, weight, bias)) {}
        return (result, kept)
    }

    /// The sums of each part of each channel: three numbers.
    private func sums(_ points: ChannelPoints, _ family: KernelFamily, gradient: Tensor?, kept: Tensor?) -> Tensor {
        let sums = uninitialized([points.parts, points.channels, 3], .float64)
        guard let handle = family[points.tensor.dtype] else { return sums }
        var launch = points.launch(handle, nanosecondsPerPoint: Self.nanosecondsPerPoint)
        launch.append(perChannel: sums)
        points.append(points.tensor, to: &launch)
        if let gradient { points.append(gradient, to: &launch) }
        if let kept { launch.append(perChannel: kept) }
        Tensor.runWithoutScratch(&launch)
        withExtendedLifetime((points, sums, gradient, kept)) {}
        return sums
    }

    private func giveFused(
        _ gradient: Tensor,
        _ step: BackwardStep,
        _ places: (weight: Int?, bias: Int?),
        kept: Tensor,
        isGiven: Bool
    ) {
        let input = step[0]
        let points = ChannelPoints(input, groups: groups)
        let incoming = gradient.contiguous(points.format, at: nil)
        let wantsInput = input.tracking.isTracked
        let wantsShares = [places.weight, places.bias].contains { $0.map { step[$0].tracking.isTracked } ?? false }
        let sums =
            wantsShares || (wantsInput && !isGiven)
            ? sums(points, .channelBackwardSums, gradient: incoming, kept: kept) : nil
        if wantsInput {
            let weight = read(places.weight.map { step[$0] }, of: input)
            step.give(0, inputGradient(points, incoming, sums, weight, kept: kept, isGiven: isGiven))
        }
        guard wantsShares, let sums, let handle = KernelFamily.channelShares[kept.dtype] else { return }
        // Without points to add up they stay as they are.
        let zeros = Layout(rowMajor: [points.channels])
        let ofWeight = places.weight.map { _ in Tensor.filled(zeros, 0.0, dtype: kept.dtype, at: nil) }
        let ofBias = places.bias.map { _ in Tensor.filled(zeros, 0.0, dtype: kept.dtype, at: nil) }
        var launch = points.launch(
            handle,
            items: points.channels,
            nanosecondsPerItem: 20 + 2 * Double(points.parts)
        )
        launch.append(perChannel: ofWeight)
        launch.append(perChannel: ofBias)
        launch.append(perChannel: sums)
        launch.append(perChannel: kept)
        Tensor.runWithoutScratch(&launch)
        withExtendedLifetime((ofWeight, ofBias, sums, kept)) {}
        if let place = places.weight, let ofWeight { step.give(place, ofWeight) }
        if let place = places.bias, let ofBias { step.give(place, ofBias) }
    }

    private func inputGradient(
        _ points: ChannelPoints,
        _ gradient: Tensor,
        _ sums: Tensor?,
        _ weight: Tensor?,
        kept: Tensor,
        isGiven: Bool
    ) -> Tensor {
        let dtype = points.tensor.dtype
        let result = points.uninitialized(dtype, operation: call.operation)
        let slopes = uninitialized([groups == 0 ? 1 : points.images, points.channels, 4], kept.dtype)
        guard let find = KernelFamily.channelSlopes[kept.dtype], let handle = KernelFamily.channelBackward[dtype] else {
            return result
        }
        var launch = points.launch(
            find,
            items: points.statistics,
            nanosecondsPerItem: 20 + 4 * Double(points.sumsPerStatistic)
        )
        launch.append(perChannel: slopes)
        launch.append(perChannel: sums)
        launch.append(perChannel: kept)
        launch.append(perChannel: weight)
        launch.setInteger(3, isGiven ? 1 : 0)
        Tensor.runWithoutScratch(&launch)

        launch = points.launch(handle, nanosecondsPerPoint: 1.5 * Self.nanosecondsPerPoint)
        points.append(result, to: &launch)
        points.append(points.tensor, to: &launch)
        points.append(gradient, to: &launch)
        launch.append(perChannel: slopes)
        launch.setInteger(3, isGiven ? 1 : 0)
        launch.streamBeyondCaches(byteCount: 3 * points.tensor.count * dtype.size)
        Tensor.runWithoutScratch(&launch)
        withExtendedLifetime((points, result, slopes, sums, kept, weight, gradient)) {}
        return result
    }

    /// The derivative in operations that can be differentiated again, of the input as `[images, groups, channels of a
    /// group, positions]`.
    private func giveComposed(
        _ gradient: Tensor,
        _ step: BackwardStep,
        _ places: (weight: Int?, bias: Int?),
        kept: Tensor,
        isGiven: Bool
    ) {
        let x = step[0]
        let (n, c) = (x.layout.sizes[0], x.layout.sizes[1])
        let width = groups == 0 ? 1 : c / groups
        let plane = (2..<x.rank).reduce(1) { $0 * x.layout.sizes[$1] }
        let shape = [n, width == 0 ? 0 : c / width, width, plane]
        let axes = groups == 0 ? [0, 3] : [2, 3]
        func grouped(_ tensor: Tensor) -> Tensor { tensor.widened.reshaped(shape) }
        func mean(_ tensor: Tensor) -> Tensor { tensor.mean(axes: axes, keepDims: true) }
        // What forward kept moves and scales so that nothing overflows. It is constant here: the rest of the formula does
        // not depend on it, unless the statistics were given.
        let perStatistic = [groups == 0 ? 1 : n, shape[1], 1, 1]
        func constant(_ place: Int) -> Tensor {
            kept.sliced(axis: 1, start: place, count: 1).reshaped(perStatistic).detached()
        }
        let (unit, incoming) = (constant(1), grouped(gradient))
        let near = (grouped(x) - constant(0)) * unit
        var (normal, scale) = (near, unit)
        if !isGiven {
            let centered = near - mean(near)
            // The root first: the square of the unit alone may overflow.
            let floor = (unit * abs(epsilon).squareRoot()).square() * (epsilon < 0 ? -1.0 : 1)
            let spread = mean(centered.square()) + floor
            let rescale = spread.sqrt().reciprocal()
            (normal, scale) = (centered * rescale, rescale * unit)
        }
        var weighted = incoming
        if let place = places.weight { weighted = incoming * step[place].widened.reshaped([shape[1], width, 1]) }
        let rest = isGiven ? weighted : weighted - mean(weighted) - normal * mean(weighted * normal)
        step.give(0, (rest * scale).reshaped(to: x.layout.rowMajor))
        func total(_ tensor: Tensor) -> Tensor { tensor.sum(axes: [0, 3]).reshaped([c]) }
        if let place = places.weight { step.give(place, total(incoming * normal)) }
        if let place = places.bias { step.give(place, total(incoming)) }
    }
}
