/// Some of a tensor's axes.
package struct AxisSet: Sendable, Equatable {
    private var bits: UInt8 = 0

    package init() {}

    /// The axes `0 ..< rank`.
    package init(allOf rank: Int) { bits = UInt8(truncatingIfNeeded: (1 << rank) - 1) }

    package func contains(_ axis: Int) -> Bool { bits >> axis & 1 == 1 }

    package var count: Int { bits.nonzeroBitCount }

    package mutating func insert(_ axis: Int) { bits |= 1 << axis }
}

/// The axes that a user names.
package enum Axes {
    case all
    case one(Int)
    case several([Int])

    /// All if there are none named.
    init(_ axes: [Int]?) { self = axes.map(Axes.several) ?? .all }
}
