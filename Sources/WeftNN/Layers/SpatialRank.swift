/// How many spatial dimensions a layer works on: its inputs have as many behind channels and, if any, a batch.
public protocol SpatialRank: Sendable {
    /// The number of dimensions.
    static var spatialRank: Int { get }
}

/// One spatial dimension: inputs of shape `[n, c, l]` or `[c, l]`.
public enum OneDimension: SpatialRank {
    public static var spatialRank: Int { 1 }
}

/// Two spatial dimensions: inputs of shape `[n, c, h, w]` or `[c, h, w]`.
public enum TwoDimensions: SpatialRank {
    public static var spatialRank: Int { 2 }
}

/// Three spatial dimensions: inputs of shape `[n, c, d, h, w]` or `[c, d, h, w]`.
public enum ThreeDimensions: SpatialRank {
    public static var spatialRank: Int { 3 }
}

extension SpatialRank {
    /// The name that a layer has with this many dimensions.
    static func name(_ one: StaticString, _ two: StaticString, _ three: StaticString) -> StaticString {
        spatialRank == 1 ? one : spatialRank == 2 ? two : three
    }
}
