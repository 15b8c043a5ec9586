/// A number for each spatial dimension, or one for all: `3`, `[2, 1]`.
public struct SpatialSizes: Sendable, Hashable, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
    let values: [Int]
    public init(_ values: [Int]) { self.values = values }
    public init(_ value: Int) { values = [value] }
    public init(integerLiteral value: Int) { values = [value] }
    public init(arrayLiteral elements: Int...) { values = elements }
}
