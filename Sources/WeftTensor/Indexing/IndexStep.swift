import WeftRuntime

/// One step of indexing, along one dimension or more.
public enum IndexStep: Sendable {
    /// One element, counted from the end if negative; the dimension disappears.
    case element(Int)
    /// The elements from `start` (by default the first) up to, but not including, `end` (by default past the
    /// last), each `step`-th of them; negative bounds count from the end, and what lies past either end is left out.
    case range(start: Int?, end: Int?, step: Int = 1)
    /// A new dimension of size 1.
    case insertion
    /// As many whole dimensions as it takes for the rest to reach the last one.
    case remainder
    /// With an int64 tensor the elements that it names, whose shape takes the dimension's place. With a bool tensor,
    /// which stands for as many dimensions as it has, those where it is true, in one dimension.
    case tensor(Tensor)
    /// No step at all: what stands for indices that were not written.
    case nothing
}

/// What can stand in a tensor's subscript: integers, ranges, `.newAxis`, `.ellipsis`, and tensors of indices or truth
/// values.
public protocol TensorIndex {
    var indexStep: IndexStep { get }
}

extension Int: TensorIndex {
    public var indexStep: IndexStep { .element(self) }
}

extension Range: TensorIndex where Bound == Int {
    public var indexStep: IndexStep { .range(start: lowerBound, end: upperBound) }
}

/// The bound behind `last`: none if that is the last element, at -1. The largest number has no successor, and is past
/// the end all the same.
private func end(through last: Int) -> Int? {
    last == -1 ? nil : last == .max ? .max : last + 1
}

extension ClosedRange: TensorIndex where Bound == Int {
    public var indexStep: IndexStep { .range(start: lowerBound, end: end(through: upperBound)) }
}

extension PartialRangeFrom: TensorIndex where Bound == Int {
    public var indexStep: IndexStep { .range(start: lowerBound, end: nil) }
}

extension PartialRangeUpTo: TensorIndex where Bound == Int {
    public var indexStep: IndexStep { .range(start: nil, end: upperBound) }
}

extension PartialRangeThrough: TensorIndex where Bound == Int {
    public var indexStep: IndexStep { .range(start: nil, end: end(through: upperBound)) }
}

extension TensorIndex where Self: RangeExpression, Bound == Int {
    /// Of this range the first element and each `step`-th after it: `t[(1...).by(2)]`. A step must be positive:
    /// `flipped(axes:)` turns an order around.
    public func by(_ step: Int) -> IndexStep {
        guard case .range(let start, let end, _) = indexStep else { return indexStep }
        return .range(start: start, end: end, step: step)
    }
}

extension Tensor: TensorIndex {
    public var indexStep: IndexStep { .tensor(self) }
}

extension IndexStep: TensorIndex {
    public var indexStep: IndexStep { self }
}

extension TensorIndex where Self == IndexStep {
    /// A new dimension of size 1.
    public static var newAxis: IndexStep { .insertion }
    /// As many whole dimensions as it takes for the rest to reach the last one.
    public static var ellipsis: IndexStep { .remainder }

    /// No step at all: what stands for indices that were not written.
    public static var absent: IndexStep { .nothing }
}
