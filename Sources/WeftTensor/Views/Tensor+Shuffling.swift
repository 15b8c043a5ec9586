import WeftRuntime

/// Moving channels into space and back, by views and one copy.
extension Tensor {
    /// Makes `upscaleFactor` x `upscaleFactor` places of each one, of as many channels: `[…, c·r², h, w]` becomes
    /// `[…, c, h·r, w·r]` (Shi et al., "Real-time single image and video super-resolution using an efficient sub-pixel
    /// convolutional neural network", 2016).
    ///
    /// Refused unless there are at least three dimensions and the factor's square divides the channels.
    public func pixelShuffle(upscaleFactor: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let r = Swift.max(upscaleFactor, 1)
        var target = shape
        if rank >= 3, r < 1 << 20 {
            target[rank - 3] /= r * r
            target[rank - 2] *= r
            target[rank - 1] *= r
        }
        return Call("pixelShuffle", file, line).checked(standIn: Layout(nearest: target), dtype) {
            call throws(Refusal) in
            try call.require(rank >= 3, "shape \(shape) has \(rank) dimensions: at least 3 are wanted")
            let channels = extent(rank - 3)
            try call.require(
                upscaleFactor > 0 && upscaleFactor < 1 << 20 && channels % (r * r) == 0,
                "an upscaleFactor of \(upscaleFactor) does not fit \(channels) channels of shape \(shape): they are to be a "
                    + "multiple of its square"
            )
            let (planes, h, w) = (shape.dropLast(3).reduce(channels / (r * r), *), extent(rank - 2), extent(rank - 1))
            return regrouped([planes, r, r, h, w], [0, 3, 1, 4, 2], to: Layout(rowMajor: target))
        }
    }

    /// Makes channels of `downscaleFactor` x `downscaleFactor` places: `[…, c, h·r, w·r]` becomes `[…, c·r², h, w]`, the
    /// reverse of `pixelShuffle`.
    ///
    /// Refused unless there are at least three dimensions and the factor divides the last two sizes.
    public func pixelUnshuffle(downscaleFactor: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let r = Swift.max(downscaleFactor, 1)
        var target = shape
        if rank >= 3, r < 1 << 20 {
            target[rank - 3] *= r * r
            target[rank - 2] /= r
            target[rank - 1] /= r
        }
        let call = Call("pixelUnshuffle", file, line)
        return call.checked(standIn: Layout(nearest: target), dtype) { call throws(Refusal) in
            try call.require(rank >= 3, "shape \(shape) has \(rank) dimensions: at least 3 are wanted")
            let (height, width) = (extent(rank - 2), extent(rank - 1))
            try call.require(
                downscaleFactor > 0 && downscaleFactor < 1 << 20 && height % r == 0 && width % r == 0,
                "a downscaleFactor of \(downscaleFactor) does not divide the last two sizes of shape \(shape)"
            )
            let planes = shape.dropLast(2).reduce(1, *)
            return regrouped([planes, height / r, r, width / r, r], [0, 2, 4, 1, 3], to: Layout(rowMajor: target))
        }
    }

    /// Takes channels, dimension 1, from each of `groups` groups in turn, so that groups mix: channel `i` of group `g`
    /// comes to `i · groups + g` (Zhang et al., "ShuffleNet", 2017).
    ///
    /// Refused unless there are at least two dimensions and the groups divide the channels.
    public func channelShuffle(groups: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        Call("channelShuffle", file, line).checked(standIn: layout.rowMajor, dtype) { call throws(Refusal) in
            try call.require(rank >= 2, "shape \(shape) has \(rank) dimensions: at least 2 are wanted")
            let channels = extent(1)
            try call.require(
                groups > 0 && channels % groups == 0,
                "\(groups) groups do not divide \(channels) channels of shape \(shape)"
            )
            let rest = shape.dropFirst(2).reduce(1, *)
            return regrouped([extent(0), groups, channels / groups, rest], [0, 2, 1, 3], to: layout.rowMajor)
        }
    }

    /// The elements seen with the sizes `groups`, permuted, and seen with those of `target`.
    private func regrouped(_ groups: [Int], _ axes: [Int], to target: Layout) -> Tensor {
        reshaped(to: Layout(rowMajor: groups)).permutedUnchecked(axes).reshaped(to: target)
    }
}
