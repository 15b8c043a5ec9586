public import WeftTensor

/// The greatest element of each window: ``MaxPool1d``, ``MaxPool2d`` and ``MaxPool3d``.
public final class MaxPool<Rank: SpatialRank>: Layer {
    /// The size of a window.
    public let kernelSize: SpatialSizes
    /// From one window to the next; `nil` for the kernel's size.
    public let stride: SpatialSizes?
    /// Elements around the input that are smaller than any.
    public let padding: SpatialSizes
    /// From one element of a window to the next.
    public let dilation: SpatialSizes
    /// Whether windows that reach beyond the padding count, unless they begin there.
    public let ceilMode: Bool

    public init(
        _ kernelSize: SpatialSizes,
        stride: SpatialSizes? = nil,
        padding: SpatialSizes = 0,
        dilation: SpatialSizes = 1,
        ceilMode: Bool = false
    ) {
        self.kernelSize = kernelSize
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.ceilMode = ceilMode
    }

    /// The greatest elements of `input`, as `maxPool2d` gives them.
    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        maxima(of: input, indices: false, file, line).values
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }

    /// The greatest elements of `input` and their places in their planes, which ``MaxUnpool2d`` takes.
    public func withIndices(
        _ input: Tensor,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> (values: Tensor, indices: Tensor) {
        maxima(of: input, indices: true, file, line)
    }

    private func maxima(of input: Tensor, indices: Bool, _ file: StaticString, _ line: UInt) -> (
        values: Tensor, indices: Tensor
    ) {
        let windows = PoolingWindows(
            rank: Rank.spatialRank,
            kernelSize: kernelSize,
            stride: stride,
            padding: padding,
            dilation: dilation,
            ceilMode: ceilMode
        )
        let name = Rank.name("MaxPool1d", "MaxPool2d", "MaxPool3d")
        return windows.maxima(of: input, indices: indices, Call(name, file, line))
    }
}

/// The greatest element of each window along the last dimension.
public typealias MaxPool1d = MaxPool<OneDimension>
/// The greatest element of each window of the last two dimensions.
public typealias MaxPool2d = MaxPool<TwoDimensions>
/// The greatest element of each window of the last three dimensions.
public typealias MaxPool3d = MaxPool<ThreeDimensions>

/// The mean of each window: ``AvgPool1d``, ``AvgPool2d`` and ``AvgPool3d``.
public final class AvgPool<Rank: SpatialRank>: Layer {
    /// The size of a window.
    public let kernelSize: SpatialSizes
    /// From one window to the next; `nil` for the kernel's size.
    public let stride: SpatialSizes?
    /// Zeros around the input.
    public let padding: SpatialSizes
    /// Whether windows that reach beyond the padding count, unless they begin there.
    public let ceilMode: Bool
    /// Whether the padding's zeros count among the elements of a window.
    public let countIncludePad: Bool
    /// What sums are divided by instead of numbers of elements; `nil` for these.
    public let divisorOverride: Int?

    public init(
        _ kernelSize: SpatialSizes,
        stride: SpatialSizes? = nil,
        padding: SpatialSizes = 0,
        ceilMode: Bool = false,
        countIncludePad: Bool = true,
        divisorOverride: Int? = nil
    ) {
        self.kernelSize = kernelSize
        self.stride = stride
        self.padding = padding
        self.ceilMode = ceilMode
        self.countIncludePad = countIncludePad
        self.divisorOverride = divisorOverride
    }

    /// The means of `input`, as `avgPool2d` gives them.
    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let windows = PoolingWindows(
            rank: Rank.spatialRank,
            kernelSize: kernelSize,
            stride: stride,
            padding: padding,
            ceilMode: ceilMode
        )
        let call = Call(Rank.name("AvgPool1d", "AvgPool2d", "AvgPool3d"), file, line)
        return windows.means(of: input, countIncludePad: countIncludePad, divisorOverride: divisorOverride, call)
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }
}

/// The mean of each window along the last dimension.
public typealias AvgPool1d = AvgPool<OneDimension>
/// The mean of each window of the last two dimensions.
public typealias AvgPool2d = AvgPool<TwoDimensions>
/// The mean of each window of the last three dimensions.
public typealias AvgPool3d = AvgPool<ThreeDimensions>

/// The power-average of each window, `(Σ x^p)^(1/p)`: ``LPPool1d``, ``LPPool2d`` and ``LPPool3d``.
public final class LPPool<Rank: SpatialRank>: Layer {
    /// The power.
    public let normType: Double
    /// The size of a window.
    public let kernelSize: SpatialSizes
    /// From one window to the next; `nil` for the kernel's size.
    public let stride: SpatialSizes?
    /// Whether windows that reach beyond the input count, unless they begin there.
    public let ceilMode: Bool

    public init(
        _ normType: Double,
        _ kernelSize: SpatialSizes,
        stride: SpatialSizes? = nil,
        ceilMode: Bool = false
    ) {
        self.normType = normType
        self.kernelSize = kernelSize
        self.stride = stride
        self.ceilMode = ceilMode
    }

    /// The power-averages of `input`, as `lpPool2d` gives them.
    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let windows = PoolingWindows(
            rank: Rank.spatialRank,
            kernelSize: kernelSize,
            stride: stride,
            ceilMode: ceilMode
        )
        return windows.norms(of: input, normType, Call(Rank.name("LPPool1d", "LPPool2d", "LPPool3d"), file, line))
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }
}

/// The power-average of each window along the last dimension.
public typealias LPPool1d = LPPool<OneDimension>
/// The power-average of each window of the last two dimensions.
public typealias LPPool2d = LPPool<TwoDimensions>
/// The power-average of each window of the last three dimensions.
public typealias LPPool3d = LPPool<ThreeDimensions>

/// Puts what a ``MaxPool2d`` has found back where it was, among zeros: ``MaxUnpool1d``, ``MaxUnpool2d`` and
/// ``MaxUnpool3d``.
public final class MaxUnpool<Rank: SpatialRank>: Module {
    /// The size of a window.
    public let kernelSize: SpatialSizes
    /// From one window to the next; `nil` for the kernel's size.
    public let stride: SpatialSizes?
    /// The padding that there was around the input of the pooling.
    public let padding: SpatialSizes

    public init(_ kernelSize: SpatialSizes, stride: SpatialSizes? = nil, padding: SpatialSizes = 0) {
        self.kernelSize = kernelSize
        self.stride = stride
        self.padding = padding
    }

    /// Zeros with the elements of `input` at the places `indices`, as `maxUnpool2d` gives them.
    ///
    /// - Parameter outputSize: the spatial sizes; `nil` for the least that the pooling can have come from.
    public func callAsFunction(
        _ input: Tensor,
        _ indices: Tensor,
        outputSize: [Int]? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let windows = PoolingWindows(
            rank: Rank.spatialRank,
            kernelSize: kernelSize,
            stride: stride,
            padding: padding
        )
        let call = Call(Rank.name("MaxUnpool1d", "MaxUnpool2d", "MaxUnpool3d"), file, line)
        return windows.undone(input, indices, outputSize, call)
    }
}

/// Puts what a ``MaxPool1d`` has found back where it was.
public typealias MaxUnpool1d = MaxUnpool<OneDimension>
/// Puts what a ``MaxPool2d`` has found back where it was.
public typealias MaxUnpool2d = MaxUnpool<TwoDimensions>
/// Puts what a ``MaxPool3d`` has found back where it was.
public typealias MaxUnpool3d = MaxUnpool<ThreeDimensions>
