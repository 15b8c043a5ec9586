public import WeftTensor

/// What a layer pads with: ``ZeroPad2d``, ``ReflectionPad2d``, ``ReplicationPad2d`` and ``CircularPad2d`` differ in it.
public protocol PaddingKind: Sendable {
    /// What stands beside the input.
    static var mode: PaddingMode { get }
    /// What mistakes are reported of.
    static var name: StaticString { get }
}

/// Padding with zeros.
public enum ZeroPadding: PaddingKind {
    public static var mode: PaddingMode { .constant }
    public static var name: StaticString { "ZeroPad" }
}

/// Padding with the elements mirrored at the outermost ones.
public enum ReflectionPadding: PaddingKind {
    public static var mode: PaddingMode { .reflect }
    public static var name: StaticString { "ReflectionPad" }
}

/// Padding with the outermost elements.
public enum ReplicationPadding: PaddingKind {
    public static var mode: PaddingMode { .replicate }
    public static var name: StaticString { "ReplicationPad" }
}

/// Padding with the elements from the other end.
public enum CircularPadding: PaddingKind {
    public static var mode: PaddingMode { .circular }
    public static var name: StaticString { "CircularPad" }
}

/// Adds elements around the spatial dimensions of its input.
public final class PaddingLayer<Kind: PaddingKind, Rank: SpatialRank>: Layer {
    /// How many elements come before and behind the last dimension, then the one before it, and so on; or one number for
    /// all sides.
    public let padding: SpatialSizes

    public init(_ padding: SpatialSizes) { self.padding = padding }

    /// `input` with elements around it, as `padded` gives it.
    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        input.padded(padding, rank: Rank.spatialRank, mode: Kind.mode, value: 0, Call(Kind.name, file, line))
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }
}

/// Adds one number around the spatial dimensions of its input: ``ConstantPad1d``, ``ConstantPad2d`` and ``ConstantPad3d``.
public final class ConstantPad<Rank: SpatialRank>: Layer {
    /// How many elements come before and behind the last dimension, then the one before it, and so on; or one number for
    /// all sides.
    public let padding: SpatialSizes
    /// What is added.
    public let value: Double

    public init(_ padding: SpatialSizes, _ value: Double) {
        self.padding = padding
        self.value = value
    }

    /// `input` with elements around it, as `padded` gives it.
    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        input.padded(padding, rank: Rank.spatialRank, mode: .constant, value: value, Call("ConstantPad", file, line))
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }
}

/// Pads the last dimension with zeros.
public typealias ZeroPad1d = PaddingLayer<ZeroPadding, OneDimension>
/// Pads the last dimension with mirrored elements.
public typealias ReflectionPad1d = PaddingLayer<ReflectionPadding, OneDimension>
/// Pads the last dimension with the outermost elements.
public typealias ReplicationPad1d = PaddingLayer<ReplicationPadding, OneDimension>
/// Pads the last dimension with the elements from the other end.
public typealias CircularPad1d = PaddingLayer<CircularPadding, OneDimension>
/// Pads the last dimension with one number.
public typealias ConstantPad1d = ConstantPad<OneDimension>
/// Pads the last two dimensions with zeros.
public typealias ZeroPad2d = PaddingLayer<ZeroPadding, TwoDimensions>
/// Pads the last two dimensions with mirrored elements.
public typealias ReflectionPad2d = PaddingLayer<ReflectionPadding, TwoDimensions>
/// Pads the last two dimensions with the outermost elements.
public typealias ReplicationPad2d = PaddingLayer<ReplicationPadding, TwoDimensions>
/// Pads the last two dimensions with the elements from the other end.
public typealias CircularPad2d = PaddingLayer<CircularPadding, TwoDimensions>
/// Pads the last two dimensions with one number.
public typealias ConstantPad2d = ConstantPad<TwoDimensions>
/// Pads the last three dimensions with zeros.
public typealias ZeroPad3d = PaddingLayer<ZeroPadding, ThreeDimensions>
/// Pads the last three dimensions with mirrored elements.
public typealias ReflectionPad3d = PaddingLayer<ReflectionPadding, ThreeDimensions>
/// Pads the last three dimensions with the outermost elements.
public typealias ReplicationPad3d = PaddingLayer<ReplicationPadding, ThreeDimensions>
/// Pads the last three dimensions with the elements from the other end.
public typealias CircularPad3d = PaddingLayer<CircularPadding, ThreeDimensions>
/// Pads the last three dimensions with one number.
public typealias ConstantPad3d = ConstantPad<ThreeDimensions>
