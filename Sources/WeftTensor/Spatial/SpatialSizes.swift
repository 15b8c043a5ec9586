/// A number for each spatial axis of an operation that moves a window over its input, such as a kernel size or a stride:
/// one for all axes, or one for each, outermost first.
///
/// ```swift
/// Conv2d(3, 16, 5, stride: 2)
/// Conv2d(3, 16, [5, 3], stride: [2, 1])
/// ```
public struct SpatialSizes: ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, Sendable, Hashable {
    /// One number that holds for all axes, or one for each.
    public let numbers: [Int]

    /// `number` for every axis.
    public init(_ number: Int) { numbers = [number] }

    /// A number for each axis, outermost first; a single one holds for all.
    public init(_ numbers: [Int]) { self.numbers = numbers }

    public init(integerLiteral number: Int) { self.init(number) }

    public init(arrayLiteral numbers: Int...) { self.init(numbers) }

    /// The numbers for `count` axes, or nil if these are for another number of axes.
    package func spread(over count: Int) -> [Int]? {
        numbers.count == count ? numbers : numbers.count == 1 ? Array(repeating: numbers[0], count: count) : nil
    }
}

/// What a convolution adds around its input: zeros in number, or as many as a rule asks for.
///
/// Written as a number for all axes, a number for each, `.same` or `.valid`.
public enum SpatialPadding: ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, Sendable, Hashable {
    /// As many in front of each axis as behind it.
    case sizes(SpatialSizes)
    /// As many as it takes for the output to have the input's sizes; where that number is odd, the last one goes behind.
    case same
    /// None.
    case valid

    /// `number` on both sides of every axis.
    public init(_ number: Int) { self = .sizes(SpatialSizes(number)) }

    public init(integerLiteral number: Int) { self.init(number) }

    public init(arrayLiteral numbers: Int...) { self = .sizes(SpatialSizes(numbers)) }
}

extension Call {
    /// The numbers of `sizes` for `axes` spatial axes, none of which is below `least`.
    package func spatial(
        _ sizes: SpatialSizes,
        _ name: StaticString,
        axes: Int,
        atLeast least: Int
    ) throws(Refusal) -> [Int] {
        guard let numbers = sizes.spread(over: axes) else {
            throw refusal("\(name) \(sizes.numbers) has \(sizes.numbers.count) numbers: 1 or \(axes) are wanted")
        }
        try require(
            numbers.allSatisfy { $0 >= least },
            "\(name) \(axes == 1 || sizes.numbers.count == 1 ? "\(numbers[0])" : "\(numbers)") is too small: at least "
                + "\(least) is wanted"
        )
        return numbers
    }
}
