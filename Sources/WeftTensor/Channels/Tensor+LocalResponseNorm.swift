import WeftRuntime

extension KernelFamily {
    fileprivate static let localResponse = KernelFamily("local_response")
    fileprivate static let localResponseShares = KernelFamily("local_response_shares")
    fileprivate static let localResponseBackward = KernelFamily("local_response_backward")
}

extension Tensor {
    /// x / (k + α / size · Σ x²)^β, where the sum is over the `size` channels around each (Krizhevsky, Sutskever and
    /// Hinton, "ImageNet Classification with Deep Convolutional Neural Networks", 2012).
    ///
    /// - Parameters:
    ///   - size: how many channels: from size / 2 below to (size - 1) / 2 above. Those that there are none of count as 0.
    ///   - alpha: α.
    ///   - beta: β.
    ///   - k: what is added to the sum.
    ///
    /// Takes `[n, c, …]` with at least three dimensions; the result lies in the same order. Truth values and 16-bit numbers
    /// are computed as float32; integers give float32, from sums divided by `size` that are rounded towards 0, as in
    /// PyTorch. Refused unless `size` is positive.
    public func localResponseNorm(
        size: Int,
        alpha: Double = 1e-4,
        beta: Double = 0.75,
        k: Double = 1,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let input = floatingPoint(at: CallSite(file, line))
        return Call("localResponseNorm", file, line).checked(standIn: input.layout.rowMajor, input.dtype) {
            call throws(Refusal) in
            try call.require(input.rank >= 3, "shape \(input.shape) must have three dimensions or more")
            try call.require(size > 0, "the size of the window is \(size); it must be positive")
            let norm = LocalResponse(size: size, alpha: alpha, beta: beta, k: k, call: call)
            // As in PyTorch, nothing stays nothing.
            if count == 0 { return self }
            if dtype == .int64 { return norm.ofIntegers(self) }
            return norm.recorded(input.widened)
                .recastFloatingPoint(input.dtype, at: call.site)
        }
    }
}

/// The numbers of a local response norm, and its launches.
private struct LocalResponse {
    let size: Int
    let alpha, beta, k: Double
    let call: Call

    private var nanosecondsPerPoint: Double { 0.5 + 0.1 * Double(size) }

    func recorded(_ input: Tensor) -> Tensor {
        let points = ChannelPoints(input, groups: 1, at: call.site)
        let result = run(.localResponse, points, [])
        let norm = self
        return .recorded(RecordedOperation(.localResponseNorm), result, from: input, savingInput: true) {
            gradient,
            step in
            if GradientMode.isEnabled {
                step.give(0, norm.composed(gradient, step[0]))
            } else {
                step.give(0, norm.fused(gradient, step[0]))
            }
        }
    }

    /// The norm of integers, whose mean squares are integers too.
    func ofIntegers(_ input: Tensor) -> Tensor {
        let sums = window(input.square(), below: size / 2, above: (size - 1) / 2).converted(to: .float64, at: nil)
        let means = (sums / Double(size)).converted(to: .int64, at: nil).converted(to: .float64, at: nil)
        let power = ((means * alpha + k).log() * -beta).exp()
        return (input.converted(to: .float64, at: nil) * power).converted(to: .float32, at: nil)
    }

    /// A kernel's result for the points and other operands that lie as they do.
    private func run(_ family: KernelFamily, _ points: ChannelPoints, _ others: [Tensor]) -> Tensor {
        let result = points.uninitialized(points.tensor.dtype, operation: call.operation, at: call.site)
        guard let handle = family[points.tensor.dtype] else { return result }
        var launch = points.launch(handle, nanosecondsPerPoint: nanosecondsPerPoint)
        points.append(result, to: &launch)
        points.append(points.tensor, to: &launch)
        for other in others { points.append(other, to: &launch) }
        launch.setInteger(4, size)
        launch.setNumber(0, alpha)
        launch.setNumber(1, beta)
        launch.setNumber(2, k)
        Tensor.runWithoutScratch(&launch)
        withExtendedLifetime((points, result, others)) {}
        return result
    }

    private func fused(_ gradient: Tensor, _ input: Tensor) -> Tensor {
        let points = ChannelPoints(input, groups: 1)
        let incoming = gradient.contiguous(points.format, at: nil)
        let shares = run(.localResponseShares, points, [incoming])
        return run(.localResponseBackward, points, [incoming, shares])
    }

    /// The derivative in operations that can be differentiated again.
    private func composed(_ gradient: Tensor, _ input: Tensor) -> Tensor {
        let base = window(input.square(), below: size / 2, above: (size - 1) / 2) * (alpha / Double(size)) + k
        let power = (base.log() * -beta).exp()
        let shares = window(gradient * input * power / base, below: (size - 1) / 2, above: size / 2)
        return gradient * power - input * shares * (2 * alpha * beta / Double(size))
    }

    /// The sum over each channel's window.
    private func window(_ tensor: Tensor, below: Int, above: Int) -> Tensor {
        let channels = tensor.layout.sizes[1]
        let windows = (0..<channels).map { channel in
            let first = max(0, channel - below)
            let count = min(channels - 1, channel + above) - first + 1
            return tensor.sliced(axis: 1, start: first, count: count).sum(axes: [1], keepDims: true)
        }
        return windows.isEmpty ? tensor : concatenated(windows, axis: 1)
    }
}
