import WeftRuntime

/// Elements repeated in memory. Where a broadcast will do, `expanded(to:)` needs no copy.
extension Tensor {
    /// This tensor `counts[i]` times along dimension `i`; more counts than dimensions add dimensions before the first.
    /// Refused for fewer counts than dimensions, and for negative ones.
    public func repeated(_ counts: [Int], file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let standIn = Layout(nearest: shape)
        return Call("repeated", file, line).checked(standIn: standIn, dtype) { call throws(Refusal) in
            try call.require(
                counts.count >= rank && counts.allSatisfy { $0 >= 0 },
                "\(counts) does not fit shape \(shape): a count is wanted for each dimension, none negative"
            )
            var sizes = Array(repeating: 1, count: counts.count - rank) + shape
            var result = reshaped(to: try call.layout(sizes))
            for (axis, count) in counts.enumerated() where count != 1 {
                let whole = sizes[axis].multipliedReportingOverflow(by: count)
                let rest = sizes[axis...].reduce(1, &*)
                sizes[axis] = whole.overflow ? .max : whole.partialValue
                result = result.repeating(count, of: rest, sizes, try call.layout(sizes))
            }
            return result
        }
    }

    /// As `repeated`, where missing counts, those of the first dimensions, are 1.
    public func tiled(_ counts: [Int], file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let missing = Swift.max(rank - counts.count, 0)
        return repeated(Array(repeating: 1, count: missing) + counts, file: file, line: line)
    }

    /// Each slice along `axis`, by default each element of all in one dimension, `count` times in a row. Refused for a
    /// negative count.
    public func repeatedInterleaved(
        _ count: Int,
        axis: Int? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        Call("repeatedInterleaved", file, line).checked(standIn: layout, dtype) { call throws(Refusal) in
            let source = axis == nil || rank == 0 ? flattened() : self
            let axis = try call.axis(axis ?? 0, of: source)
            try call.require(count >= 0, "\(count) times is not possible")
            var sizes = source.shape
            let rest = sizes[(axis + 1)...].reduce(1, &*)
            let whole = sizes[axis].multipliedReportingOverflow(by: count)
            sizes[axis] = whole.overflow ? .max : whole.partialValue
            return source.repeating(count, of: rest, sizes, try call.layout(sizes))
        }
    }

    /// Each slice along `axis`, by default each element of all in one dimension, as often in a row as `counts` says for
    /// it; one count goes for all. Refused unless `counts` is an int64 vector of as many, none of them negative.
    public func repeatedInterleaved(
        _ counts: Tensor,
        axis: Int? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        Call("repeatedInterleaved", file, line).checked(standIn: layout, dtype) { call throws(Refusal) in
            let source = axis == nil || rank == 0 ? flattened() : self
            let axis = try call.axis(axis ?? 0, of: source)
            let size = source.extent(axis)
            try call.require(
                counts.dtype == .int64 && counts.rank <= 1 && (counts.count == size || counts.count == 1),
                "\(counts.dtype) counts of shape \(counts.shape) do not fit the \(size) slices along axis \(axis)"
            )
            if isFailed || counts.isFailed { return .failed(like: source) }
            let numbers = counts.array(of: Int.self)
            try call.require(numbers.allSatisfy { $0 >= 0 }, "a count is negative")
            let places = (0..<size).flatMap { place in
                repeatElement(place, count: numbers.count == 1 ? numbers[0] : numbers[place])
            }
            return source.selecting(Tensor(places), axis: axis, at: call.site)
        }
    }

    /// Every `rest` elements `count` times, in the shape of `target`.
    private func repeating(_ count: Int, of rest: Int, _ sizes: [Int], _ target: Layout) -> Tensor {
        if target.count == 0 || self.count == 0 { return reshapedEmpty(to: target) }
        let blocks = reshaped(to: Layout(rowMajor: [self.count / rest, 1, rest]))
        return blocks.expanded(to: Layout(rowMajor: [self.count / rest, count, rest])).reshaped(to: target)
    }

    /// No elements, of the shape of `target`, through which a gradient of zeros flows.
    private func reshapedEmpty(to target: Layout) -> Tensor {
        flattened().sliced(axis: 0, start: 0, count: 0).reshaped(to: target)
    }
}
