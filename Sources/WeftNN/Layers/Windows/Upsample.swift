public import WeftTensor

/// Resamples the spatial dimensions of its input, of shape `[n, c, …]`, to given sizes or to so many times its own.
public final class Upsample: Layer {
    /// The spatial sizes; `nil` where factors are given.
    public let size: SpatialSizes?
    /// What spatial sizes are multiplied by, one number for all or one for each; `nil` where sizes are given.
    public let scaleFactor: [Double]?
    /// How elements are made up.
    public let mode: InterpolationMode
    /// Whether the middles of the outermost elements stay where they are; `nil` for modes that it makes no sense in.
    public let alignCorners: Bool?
    /// Whether places are computed from the sizes rather than from the factors.
    public let recomputeScaleFactor: Bool

    /// A layer whose results have the spatial sizes `size`.
    public init(size: SpatialSizes, mode: InterpolationMode = .nearest, alignCorners: Bool? = nil) {
        self.size = size
        scaleFactor = nil
        self.mode = mode
        self.alignCorners = alignCorners
        recomputeScaleFactor = false
    }

    /// A layer whose results are `scaleFactor` times as large, one factor for each spatial dimension or one for all.
    public init(
        scaleFactor: [Double],
        mode: InterpolationMode = .nearest,
        alignCorners: Bool? = nil,
        recomputeScaleFactor: Bool = false
    ) {
        size = nil
        self.scaleFactor = scaleFactor
        self.mode = mode
        self.alignCorners = alignCorners
        self.recomputeScaleFactor = recomputeScaleFactor
    }

    /// A layer whose results are `scaleFactor` times as large in each spatial dimension.
    public convenience init(
        scaleFactor: Double,
        mode: InterpolationMode = .nearest,
        alignCorners: Bool? = nil,
        recomputeScaleFactor: Bool = false
    ) {
        self.init(
            scaleFactor: [scaleFactor],
            mode: mode,
            alignCorners: alignCorners,
            recomputeScaleFactor: recomputeScaleFactor
        )
    }

    /// `input` resampled, as `interpolated` gives it.
    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        if let size {
            return input.interpolated(size: size, mode: mode, alignCorners: alignCorners, file: file, line: line)
        }
        return input.interpolated(
            scaleFactor: scaleFactor ?? [1],
            mode: mode,
            alignCorners: alignCorners,
            recomputeScaleFactor: recomputeScaleFactor,
            file: file,
            line: line
        )
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }
}

/// An ``Upsample`` of images whose mode its name says.
public final class UpsampledImages<Kind: UpsamplingKind>: Layer {
    private let upsample: Upsample

    /// A layer whose results have the spatial sizes `size`.
    public init(size: SpatialSizes) {
        upsample = Upsample(size: size, mode: Kind.mode, alignCorners: Kind.alignCorners)
    }

    /// A layer whose results are `scaleFactor` times as large in each spatial dimension.
    public init(scaleFactor: Double) {
        upsample = Upsample(scaleFactor: scaleFactor, mode: Kind.mode, alignCorners: Kind.alignCorners)
    }

    /// `input`, of shape `[n, c, h, w]`, resampled.
    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        upsample(input, file: file, line: line)
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }
}

/// How ``UpsamplingNearest2d`` and ``UpsamplingBilinear2d`` resample.
public protocol UpsamplingKind: Sendable {
    static var mode: InterpolationMode { get }
    static var alignCorners: Bool? { get }
}

/// Resampling by the nearest element.
public enum NearestUpsampling: UpsamplingKind {
    public static var mode: InterpolationMode { .nearest }
    public static var alignCorners: Bool? { nil }
}

/// Resampling by straight lines, with aligned corners.
public enum BilinearUpsampling: UpsamplingKind {
    public static var mode: InterpolationMode { .bilinear }
    public static var alignCorners: Bool? { true }
}

/// Resamples images by the nearest element.
public typealias UpsamplingNearest2d = UpsampledImages<NearestUpsampling>
/// Resamples images by straight lines, with aligned corners.
public typealias UpsamplingBilinear2d = UpsampledImages<BilinearUpsampling>
