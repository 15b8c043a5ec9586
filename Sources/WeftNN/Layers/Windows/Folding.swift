public import WeftTensor

/// The elements of each window of the last two dimensions as a column: `[n, c, h, w]` becomes `[n, c·kh·kw, windows]`.
public final class Unfold: Layer {
    /// The size of a window.
    public let kernelSize: SpatialSizes
    /// From one element of a window to the next.
    public let dilation: SpatialSizes
    /// Zeros around the input.
    public let padding: SpatialSizes
    /// From one window to the next.
    public let stride: SpatialSizes

    public init(
        _ kernelSize: SpatialSizes,
        dilation: SpatialSizes = 1,
        padding: SpatialSizes = 0,
        stride: SpatialSizes = 1
    ) {
        self.kernelSize = kernelSize
        self.dilation = dilation
        self.padding = padding
        self.stride = stride
    }

    /// The windows of `input`, as `unfolded` gives them.
    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        input.unfolded(
            kernelSize: kernelSize,
            dilation: dilation,
            padding: padding,
            stride: stride,
            file: file,
            line: line
        )
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }
}

/// Adds columns up where their windows lie: `[n, c·kh·kw, windows]` becomes `[n, c, h, w]`.
public final class Fold: Layer {
    /// The sizes of the last two dimensions of the result.
    public let outputSize: SpatialSizes
    /// The size of a window.
    public let kernelSize: SpatialSizes
    /// From one element of a window to the next.
    public let dilation: SpatialSizes
    /// How far windows reach beyond the result.
    public let padding: SpatialSizes
    /// From one window to the next.
    public let stride: SpatialSizes

    public init(
        _ outputSize: SpatialSizes,
        _ kernelSize: SpatialSizes,
        dilation: SpatialSizes = 1,
        padding: SpatialSizes = 0,
        stride: SpatialSizes = 1
    ) {
        self.outputSize = outputSize
        self.kernelSize = kernelSize
        self.dilation = dilation
        self.padding = padding
        self.stride = stride
    }

    /// The planes that the columns of `input` make, as `folded` gives them.
    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        input.folded(
            outputSize: outputSize,
            kernelSize: kernelSize,
            dilation: dilation,
            padding: padding,
            stride: stride,
            file: file,
            line: line
        )
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }
}
