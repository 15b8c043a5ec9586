import WeftRuntime

/// The order in which a tensor's elements follow one another in memory. It is a matter of speed alone: shapes, values
/// and results do not depend on it.
public enum MemoryFormat: Sendable, Hashable {
    /// The last dimension varies fastest, then the one before.
    case rowMajor
    /// Dimension 1 varies fastest, then the last, then the one before: images of shape `[n, c, h, w]` lie as arrays
    /// `[n, h, w, c]` do. Tensors with three to five dimensions can lie so.
    case channelsLast

    /// Whether tensors with `rank` dimensions can lie so.
    func takes(rank: Int) -> Bool { self == .rowMajor || (rank >= 3 && rank <= 5) }

    /// Which of `rank` dimensions comes at `place`, counted from the one that varies slowest.
    @inline(__always)
    package func axis(at place: Int, of rank: Int) -> Int {
        guard self == .channelsLast, place > 0 else { return place }
        return place == rank &- 1 ? 1 : place &+ 1
    }
}

extension Layout {
    /// Without gaps, in the order of `format`, which takes that many sizes. `shape` has at most `maximumRank` sizes,
    /// none negative.
    package init(_ shape: [Int], format: MemoryFormat) {
        self = Layout(rowMajor: shape).dense(format)
    }

    /// The same sizes without gaps in the order of `format`, which takes that many.
    package func dense(_ format: MemoryFormat) -> Layout {
        var result = self
        result.offset = 0
        var stride = 1
        for place in (0..<rank).reversed() {
            let axis = format.axis(at: place, of: rank)
            result.setDimension(axis, size: sizes[axis], stride: stride)
            stride &*= sizes[axis]
        }
        return result
    }

    /// Whether the elements lie in the order of `format`, without gaps.
    package func isDense(_ format: MemoryFormat) -> Bool {
        guard format.takes(rank: rank) else { return false }
        var expected = 1
        for place in (0..<rank).reversed() {
            let axis = format.axis(at: place, of: rank)
            if sizes[axis] == 1 { continue }
            if strides[axis] != expected { return count == 0 }
            expected &*= sizes[axis]
        }
        return true
    }

    /// The order in which the elements lie without gaps; nil if there are gaps or they lie in another order, and
    /// `.rowMajor` where sizes of 1 leave no difference.
    package var format: MemoryFormat? {
        isDense(.rowMajor) ? .rowMajor : isDense(.channelsLast) ? .channelsLast : nil
    }
}

extension Tensor {
    /// The order in which the elements lie without gaps; nil if there are gaps or they lie in another order, and
    /// `.rowMajor` where sizes of 1 leave no difference.
    package var format: MemoryFormat? {
        isContiguous ? .rowMajor : layout.isDense(.channelsLast) ? .channelsLast : nil
    }

    /// Whether the elements lie in the order of `format`, without gaps. Where sizes of 1 leave no difference, they lie in
    /// both orders.
    public func isContiguous(_ format: MemoryFormat) -> Bool {
        format == .rowMajor ? isContiguous : layout.isDense(format)
    }

    /// The same values in the order of `format`, without gaps: a copy, unless the elements already lie so. Gradients flow
    /// through it as through the tensor itself.
    ///
    /// Convolution, pooling, normalisation, activations and arithmetic give results in the order of what they are given,
    /// so that it is enough to convert the input of a network. `.channelsLast` is refused unless there are three to five
    /// dimensions.
    public func contiguous(_ format: MemoryFormat, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let call = Call("contiguous", file, line)
        return call.checked(standIn: layout, dtype) { call throws(Refusal) in
            try call.require(
                format.takes(rank: rank),
                "shape \(shape) cannot lie channels-last, which takes three to five dimensions"
            )
            return contiguous(format, at: call.site)
        }
    }

    /// The same values in the order of `format`, which takes that many dimensions; the tensor itself if it lies so.
    package func contiguous(_ format: MemoryFormat, at site: CallSite?) -> Tensor {
        if isFailed || isContiguous(format) { return self }
        var copy = Tensor.copy(of: self, format, at: site)
        copy.tracking = tracking
        return copy
    }

    /// A fresh tensor with undefined contents and the sizes of `layout`, which lies in the order of `format`; failed if
    /// there is no memory for it.
    package static func uninitialized(
        like layout: Layout,
        _ format: MemoryFormat,
        dtype: DType,
        operation: StaticString,
        at site: CallSite?
    ) -> Tensor {
        let fresh = uninitialized(like: layout, dtype: dtype, operation: operation, at: site)
        return format == .rowMajor ? fresh : fresh.view(layout.dense(format))
    }
}
