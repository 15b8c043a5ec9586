import WeftRuntime

/// Parts along an axis that a number names, where a subscript would need the axis in its form. Negative axes and
/// places count from the end. The parts share memory until one of the tensors is written.
extension Tensor {
    /// The elements at `index` along `axis`, which disappears. Refused for a scalar, and out of range.
    public func selected(axis: Int, index: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let standIn = layout.reduced(over: layout.existing(.one(axis)), keepDims: false)
        return Call("selected", file, line).checked(standIn: standIn, dtype) { call throws(Refusal) in
            let (axis, place) = try call.place(of: index, axis, of: self)
            return sliced(axis: axis, start: place, count: 1).removingAxis(axis)
        }
    }

    /// `count` elements along `axis` from `start` on. Refused unless they all exist.
    public func narrowed(
        axis: Int,
        start: Int,
        count: Int,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        Call("narrowed", file, line).checked(standIn: layout, dtype) { call throws(Refusal) in
            let axis = try call.axis(axis, of: self)
            try call.require(rank > 0, "a scalar has no elements along an axis")
            let size = extent(axis)
            try call.require(
                start >= -size && start <= size && count >= 0 && count <= size - (start < 0 ? start + size : start),
                "there are no \(count) elements from \(start) on along axis \(axis) of shape \(shape)"
            )
            return sliced(axis: axis, start: start < 0 ? start + size : start, count: count)
        }
    }

    /// Each `step`-th of the elements along `axis` from `start` to before `end`, by default all. Bounds beyond either
    /// end mean that end, as in a subscript. Refused for a scalar and for steps below 1.
    public func sliced(
        axis: Int,
        from start: Int? = nil,
        to end: Int? = nil,
        by step: Int = 1,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        Call("sliced", file, line).checked(standIn: layout, dtype) { call throws(Refusal) in
            part(try call.slice(axis, start, end, step, of: self))
        }
    }

    /// This tensor with `source` in place of the elements at `index` along `axis`; gradients flow to both. Refused
    /// unless `source` has this tensor's shape without the axis. It is converted to this dtype.
    public func selectScatter(
        _ source: Tensor,
        axis: Int,
        index: Int,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        Call("selectScatter", file, line).checked(standIn: layout, dtype) { call throws(Refusal) in
            let (axis, place) = try call.place(of: index, axis, of: self)
            let region: PartOfLayout = { whole in
                var part = whole.part(axis: axis, start: place, count: 1)
                part.remove(axis)
                return part
            }
            try requireFit(source, region, call)
            return replaced(region, with: source)
        }
    }

    /// This tensor with `source` in place of what `sliced(axis:from:to:by:)` would give; gradients flow to both.
    /// Refused unless `source` has the slice's shape. It is converted to this dtype.
    public func sliceScatter(
        _ source: Tensor,
        axis: Int = 0,
        from start: Int? = nil,
        to end: Int? = nil,
        by step: Int = 1,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        Call("sliceScatter", file, line).checked(standIn: layout, dtype) { call throws(Refusal) in
            let region = try call.slice(axis, start, end, step, of: self)
            try requireFit(source, region, call)
            return replaced(region, with: source)
        }
    }
}

extension Call {
    /// `axis` and the element `index` along it, counted from the front.
    fileprivate func place(of index: Int, _ axis: Int, of tensor: Tensor) throws(Refusal) -> (axis: Int, place: Int) {
        let axis = try self.axis(axis, of: tensor)
        try require(tensor.rank > 0, "a scalar has no elements along an axis")
        let size = tensor.extent(axis)
        try require(
            index >= -size && index < size,
            "index \(index) is out of range for dimension \(axis) of shape \(tensor.shape)"
        )
        return (axis, index < 0 ? index + size : index)
    }

    /// The slice that its bounds name.
    fileprivate func slice(
        _ axis: Int,
        _ start: Int?,
        _ end: Int?,
        _ step: Int,
        of tensor: Tensor
    ) throws(Refusal) -> PartOfLayout {
        let axis = try self.axis(axis, of: tensor)
        try require(tensor.rank > 0, "a scalar has no elements along an axis")
        try require(step > 0, "the step must be positive, not \(step): flipped(axes:) turns an order around")
        let size = tensor.extent(axis)
        let first = start.map { clippedBound($0, size) } ?? 0
        let last = end.map { clippedBound($0, size) } ?? size
        return { $0.part(axis: axis, start: first, end: Swift.max(first, last), step: step) }
    }
}

/// A bound of a slice of `size` elements, counted from the front, or the end beyond which it lies.
func clippedBound(_ bound: Int, _ size: Int) -> Int { min(max(bound < 0 ? bound + size : bound, 0), size) }
