public import WeftTensor

/// The means of windows that share each dimension out evenly over a given number of outputs: ``AdaptiveAvgPool1d``,
/// ``AdaptiveAvgPool2d`` and ``AdaptiveAvgPool3d``.
public final class AdaptiveAvgPool<Rank: SpatialRank>: Layer {
    /// One size for all dimensions, or one for each; `nil` keeps a dimension's own.
    public let outputSize: [Int?]

    public init(_ outputSize: [Int?]) { self.outputSize = outputSize }

    /// A layer with one size for all dimensions.
    public convenience init(_ outputSize: Int) { self.init([outputSize]) }

    /// The means of `input`, as `adaptiveAvgPool2d` gives them.
    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let call = Call(Rank.name("AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveAvgPool3d"), file, line)
        return AdaptiveWindows(rank: Rank.spatialRank, outputSize: outputSize).means(of: input, call)
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }
}

/// The means of windows that share the last dimension out evenly.
public typealias AdaptiveAvgPool1d = AdaptiveAvgPool<OneDimension>
/// The means of windows that share the last two dimensions out evenly.
public typealias AdaptiveAvgPool2d = AdaptiveAvgPool<TwoDimensions>
/// The means of windows that share the last three dimensions out evenly.
public typealias AdaptiveAvgPool3d = AdaptiveAvgPool<ThreeDimensions>

/// The maxima of windows that share each dimension out evenly over a given number of outputs: ``AdaptiveMaxPool1d``,
/// ``AdaptiveMaxPool2d`` and ``AdaptiveMaxPool3d``.
public final class AdaptiveMaxPool<Rank: SpatialRank>: Layer {
    /// One size for all dimensions, or one for each; `nil` keeps a dimension's own.
    public let outputSize: [Int?]

    public init(_ outputSize: [Int?]) { self.outputSize = outputSize }

    /// A layer with one size for all dimensions.
    public convenience init(_ outputSize: Int) { self.init([outputSize]) }

    /// The maxima of `input`, as `adaptiveMaxPool2d` gives them.
    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        maxima(of: input, indices: false, file, line).values
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }

    /// The maxima of `input` and their places in their planes.
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
        let call = Call(Rank.name("AdaptiveMaxPool1d", "AdaptiveMaxPool2d", "AdaptiveMaxPool3d"), file, line)
        return AdaptiveWindows(rank: Rank.spatialRank, outputSize: outputSize).maxima(of: input, indices: indices, call)
    }
}

/// The maxima of windows that share the last dimension out evenly.
public typealias AdaptiveMaxPool1d = AdaptiveMaxPool<OneDimension>
/// The maxima of windows that share the last two dimensions out evenly.
public typealias AdaptiveMaxPool2d = AdaptiveMaxPool<TwoDimensions>
/// The maxima of windows that share the last three dimensions out evenly.
public typealias AdaptiveMaxPool3d = AdaptiveMaxPool<ThreeDimensions>
