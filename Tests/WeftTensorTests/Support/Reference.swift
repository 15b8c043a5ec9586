import Testing

@testable import WeftTensor

/// A tensor in its plainest form, for slow and obvious definitions of what operations should give.
struct Reference: Sendable {
    var shape: [Int]
    /// Row-major.
    var values: [Double]

    init(_ shape: [Int], _ values: [Double]) {
        precondition(values.count == shape.reduce(1, *))
        self.shape = shape
        self.values = values
    }

    init(_ shape: [Int], _ value: ([Int]) -> Double) { self.init(shape, Self.indices(shape).map(value)) }

    init(_ tensor: Tensor) { self.init(tensor.shape, tensor.array(of: Double.self)) }

    /// `shape` filled with distinct numbers between `low` and `high`, exact in float32, in no simple order.
    static func distinct(_ shape: [Int], from low: Double = -2, to high: Double = 2) -> Reference {
        let count = shape.reduce(1, *)
        // 1009 is prime and larger than any count used, so that every residue is met once.
        return Reference(
            shape,
            (0..<count).map { index in
                let position = Double((index + 1) * 607 % 1009) / 1009
                return Double(Float(low + (high - low) * position))
            }
        )
    }

    /// Every index into `shape`, row-major.
    static func indices(_ shape: [Int]) -> [[Int]] {
        shape.reduce([[]]) { prefixes, size in prefixes.flatMap { prefix in (0..<size).map { prefix + [$0] } } }
    }

    /// The element at `index`, where dimensions of size 1 and missing outer ones repeat.
    subscript(_ index: [Int]) -> Double {
        var position = 0
        for (size, i) in zip(shape, index.suffix(shape.count)) { position = position * size + (size == 1 ? 0 : i) }
        return values[position]
    }

    func map(_ function: (Double) -> Double) -> Reference { Reference(shape, values.map(function)) }

    func combined(_ other: Reference, _ function: (Double, Double) -> Double) -> Reference {
        Reference(Self.broadcast(shape, other.shape)) { function(self[$0], other[$0]) }
    }

    static func broadcast(_ a: [Int], _ b: [Int]) -> [Int] {
        let rank = max(a.count, b.count)
        let left = Array(repeating: 1, count: rank - a.count) + a
        let right = Array(repeating: 1, count: rank - b.count) + b
        return zip(left, right).map { $0 == 1 ? $1 : $0 }
    }

    func permuted(_ axes: [Int]) -> Reference {
        Reference(axes.map { shape[$0] }) { index in
            var source = [Int](repeating: 0, count: axes.count)
            for (axis, from) in axes.enumerated() { source[from] = index[axis] }
            return self[source]
        }
    }

    /// `function` of the elements along `axes`, row-major.
    func reduced(_ axes: [Int], keepDims: Bool = false, _ function: ([Double]) -> Double) -> Reference {
        let kept = shape.indices.map { axes.contains($0) ? 1 : shape[$0] }
        let extents = shape.indices.map { axes.contains($0) ? shape[$0] : 1 }
        let full = Reference(kept) { outer in
            function(Self.indices(extents).map { inner in self[zip(outer, inner).map { $0 + $1 }] })
        }
        if keepDims { return full }
        return Reference(shape.indices.filter { !axes.contains($0) }.map { shape[$0] }, full.values)
    }

    /// The slice at `position` along `axis`, which disappears.
    func slice(_ axis: Int, at position: Int) -> Reference {
        var reduced = shape
        reduced.remove(at: axis)
        return Reference(reduced) { index in
            var index = index
            index.insert(position, at: axis)
            return self[index]
        }
    }

    /// A row-major tensor with these values.
    func tensor(_ dtype: DType = .float32, requiresGrad: Bool = false) -> Tensor {
        Tensor(values, dtype: dtype, requiresGrad: false).reshaped(shape).withRequiresGrad(requiresGrad)
    }

    /// A tensor with these values that lies in memory as `placement` says.
    func tensor(_ placement: Placement, _ dtype: DType = .float32) -> Tensor {
        switch placement {
        case .rowMajor: return tensor(dtype)
        case .reversed:
            let axes = Array(shape.indices.reversed())
            return permuted(axes).tensor(dtype).permuted(axes)
        case .cut:
            // One more element on either side of every dimension, of a value that no test expects.
            let padded = Reference(shape.map { $0 + 2 }) { index in
                zip(index, shape).allSatisfy { $0 >= 1 && $0 <= $1 } ? self[index.map { $0 - 1 }] : 77
            }
            return shape.indices.reduce(padded.tensor(dtype)) { $0.sliced(axis: $1, start: 1, count: shape[$1]) }
        }
    }
}

/// How a tensor's elements lie in memory.
enum Placement: CaseIterable, Sendable {
    case rowMajor
    /// The first dimension innermost.
    case reversed
    /// A piece of a larger tensor.
    case cut
}

/// Expects `tensor` to have the reference's shape and its values up to `tolerance`, relative for magnitudes
/// over 1; NaN equals NaN, and infinities only themselves.
func expect(
    _ tensor: Tensor,
    equals reference: Reference,
    tolerance: Double = 0,
    _ comment: Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    guard tensor.shape == reference.shape else {
        Issue.record(
            "shape \(tensor.shape) instead of \(reference.shape). \(comment?.rawValue ?? "")",
            sourceLocation: sourceLocation
        )
        return
    }
    for (index, (value, expected)) in zip(tensor.array(of: Double.self), reference.values).enumerated() {
        let isEqual =
            value.isNaN || expected.isNaN
            ? value.isNaN && expected.isNaN
            : value == expected || abs(value - expected) <= tolerance * max(1, abs(expected))
        guard !isEqual else { continue }
        Issue.record(
            "element \(index) of \(tensor.shape) is \(value) instead of \(expected). \(comment?.rawValue ?? "")",
            sourceLocation: sourceLocation
        )
        return
    }
}

/// Expects `body` to be refused with a `TensorError` of `operation` whose message contains every one of `parts`.
@discardableResult
func expectRefusal(
    _ operation: String,
    _ parts: String...,
    sourceLocation: SourceLocation = #_sourceLocation,
    by body: () -> Void
) -> TensorError? {
    let error = #expect(throws: TensorError.self, sourceLocation: sourceLocation) { try withTensorErrors { body() } }
    guard let error else { return nil }
    #expect(error.operation == operation, sourceLocation: sourceLocation)
    for part in parts {
        #expect(error.message.contains(part), "\(error.message)", sourceLocation: sourceLocation)
    }
    return error
}
