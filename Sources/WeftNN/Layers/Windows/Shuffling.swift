public import WeftTensor

/// Makes places of channels: `[…, c·r², h, w]` becomes `[…, c, h·r, w·r]` (Shi et al., 2016).
public final class PixelShuffle: Layer {
    /// What the last two sizes are multiplied by.
    public let upscaleFactor: Int

    public init(_ upscaleFactor: Int) { self.upscaleFactor = upscaleFactor }

    /// The elements of `input`, as `pixelShuffle` moves them.
    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        input.pixelShuffle(upscaleFactor: upscaleFactor, file: file, line: line)
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }
}

/// Makes channels of places: `[…, c, h·r, w·r]` becomes `[…, c·r², h, w]`.
public final class PixelUnshuffle: Layer {
    /// What the last two sizes are divided by.
    public let downscaleFactor: Int

    public init(_ downscaleFactor: Int) { self.downscaleFactor = downscaleFactor }

    /// The elements of `input`, as `pixelUnshuffle` moves them.
    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        input.pixelUnshuffle(downscaleFactor: downscaleFactor, file: file, line: line)
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }
}

/// Takes channels from each of several groups in turn, so that groups mix (Zhang et al., 2017).
public final class ChannelShuffle: Layer {
    /// The number of groups, which divides that of the channels.
    public let groups: Int

    public init(_ groups: Int) { self.groups = groups }

    /// The elements of `input`, as `channelShuffle` moves them.
    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        input.channelShuffle(groups: groups, file: file, line: line)
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }
}
