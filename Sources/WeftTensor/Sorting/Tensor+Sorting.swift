import WeftRuntime

/// Sorting along an axis. Equal elements keep their order, whichever the direction, and NaN counts as greater than all
/// numbers. Rows are sorted by the bytes of their elements (a radix sort), and in parallel.
extension Tensor {
    /// The elements sorted along `axis`, and where they were, int64. Gradients flow back to where the elements came
    /// from.
    public func sorted(
        axis: Int = -1,
        descending: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> (values: Tensor, indices: Tensor) {
        Call("sorted", file, line).checkedPair(standIn: layout.rowMajor, dtype) { call throws(Refusal) in
            let axis = try call.axis(axis, of: self)
            let indices = try places(inOrderAlong: axis, descending: descending, call)
            return (gathered(axis: axis, indices, at: call.site), indices)
        }
    }

    /// Where the elements are that `sorted` gives, int64.
    public func argsort(
        axis: Int = -1,
        descending: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        Call("argsort", file, line).checked(standIn: layout.rowMajor, .int64) { call throws(Refusal) in
            try places(inOrderAlong: try call.axis(axis, of: self), descending: descending, call)
        }
    }

    /// The `k` greatest elements along `axis`, or the least unless `largest`, and where they are, int64: the first such
    /// in sorted order, of equal ones the first. Gradients flow back to where they are.
    ///
    /// Refused unless there are as many.
    public func topK(
        _ k: Int,
        axis: Int = -1,
        largest: Bool = true,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> (values: Tensor, indices: Tensor) {
        Call("topK", file, line).checkedPair(standIn: layout.rowMajor, dtype) { call throws(Refusal) in
            let axis = try call.axis(axis, of: self)
            let length = rank == 0 ? 1 : extent(axis)
            try call.require(
                k >= 0 && k <= length,
                "there are no \(k) elements along axis \(axis) of shape \(shape) to choose"
            )
            var indices: Tensor
            // A heap of the best so far is quick where few elements enter it.
            if k > 0, k <= Swift.max(1, length / 64) || k <= 16 {
                indices = try places(inOrderAlong: axis, descending: largest, first: k, call)
            } else {
                indices = try places(inOrderAlong: axis, descending: largest, call)
                if rank > 0, k < length { indices = indices.sliced(axis: axis, start: 0, count: k).contiguous() }
            }
            return (gathered(axis: axis, indices, at: call.site), indices)
        }
    }
}
