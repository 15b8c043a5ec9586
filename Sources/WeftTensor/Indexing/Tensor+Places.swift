import WeftRuntime

/// Reading and writing places that an index names in all elements as one row-major dimension, or along one axis.
extension Tensor {
    /// The elements at the row-major places that `indices` name, in their shape. Negative ones count from the end.
    /// Refused unless `indices` is int64 and in range.
    public func take(_ indices: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        Call("take", file, line).checked(standIn: indices.layout.rowMajor, dtype) { call throws(Refusal) in
            try indices.requireIndices(call, extent: count)
            let taken = flattened().selecting(indices.flattened().contiguous(at: call.site), axis: 0, at: call.site)
            return indices.rank == 1 ? taken : taken.reshaped(to: indices.layout.rowMajor)
        }
    }

    /// This tensor with the elements of `source` at the row-major places that `indices` name, or added to those there
    /// if `accumulates`. Without adding, the last value for a place stays. Gradients flow to both. Refused unless
    /// `indices` is int64 and in range, and `source` has as many elements and this dtype.
    public func put(
        _ indices: Tensor,
        _ source: Tensor,
        accumulates: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        Call("put", file, line).checked(standIn: layout, dtype) { call throws(Refusal) in
            try call.require(
                source.count == indices.count && source.dtype == dtype,
                "a \(source.dtype) source of shape \(source.shape) does not fit indices of shape \(indices.shape) and "
                    + "\(dtype)"
            )
            try indices.requireIndices(call, extent: count)
            var result = flattened()
            let (places, values) = (indices.flattened(), source.flattened())
            if accumulates {
                result = result.indexAdd(axis: 0, places, values, file: file, line: line)
            } else {
                result[places, file: file, line: line] = values
            }
            return result.reshaped(to: layout.rowMajor)
        }
    }

    /// As `gather`, but tensor and index broadcast in all dimensions but `axis`. Without an axis both count as one
    /// row-major dimension. Refused as `gather` is.
    public func takeAlong(
        axis: Int? = nil,
        _ index: Tensor,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        guard let axis else {
            return flattened().gather(axis: 0, index.flattened(), file: file, line: line)
        }
        return Call("takeAlong", file, line).checked(standIn: index.layout.rowMajor, dtype) { call throws(Refusal) in
            let along = try call.axis(axis, of: self)
            try call.require(
                rank == index.rank && rank > 0,
                "shapes \(shape) and \(index.shape) differ in their dimensions"
            )
            var (own, others) = (layout, index.layout)
            own.setDimension(along, size: 1, stride: 0)
            others.setDimension(along, size: 1, stride: 0)
            guard var target = Layout.broadcast(own, others) else { throw call.refusal(Call.mismatch([self, index])) }
            target.setDimension(along, size: extent(along), stride: 0)
            let source = expanded(to: target.rowMajor)
            target.setDimension(along, size: index.extent(along), stride: 0)
            return source.gather(axis: along, index.expanded(to: target.rowMajor), file: file, line: line)
        }
    }

    /// This tensor with `value`, converted to its dtype, in the slices along `axis` that `indices` name. Gradients flow
    /// to what is kept. A scalar counts as a vector. Refused unless `indices` is an int64 vector in range.
    public func indexFill<S: TensorScalar>(
        axis: Int,
        _ indices: Tensor,
        _ value: S,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        indexFill(axis: axis, indices, Tensor.scalar(value, dtype: dtype), file: file, line: line)
    }

    /// As with a number, of a tensor without dimensions, to which a gradient flows too.
    public func indexFill(
        axis: Int,
        _ indices: Tensor,
        _ value: Tensor,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        Call("indexFill", file, line).checked(standIn: layout, dtype) { call throws(Refusal) in
            let axis = try call.axis(axis, of: self)
            try call.require(value.rank == 0, "one value is wanted, not shape \(value.shape)")
            try call.require(indices.rank <= 1, "indices of shape \(indices.shape) are no vector")
            let list = atLeast1D()
            try indices.requireIndices(call, extent: list.extent(axis))
            // Through a mask, so that the value's gradient counts a slice once that is named twice.
            var sizes = list.shape.map { _ in 1 }
            sizes[axis] = list.extent(axis)
            var mask = Tensor(full: [sizes[axis]], false)
            mask[indices.flattened()] = true
            let filled = list.masked(mask.reshaped(to: Layout(rowMajor: sizes)), with: value, file: file, line: line)
            return filled.reshaped(to: layout.rowMajor)
        }
    }

    /// This tensor with `values` at the part that `indices` name as in a subscript, or added to what is there if
    /// `accumulates`: then to a place that is named twice both are added. Gradients flow to both. Refused as subscripts
    /// are.
    public func indexPut(
        _ indices: [any TensorIndex],
        _ values: Tensor,
        accumulates: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let (steps, site) = (indices.map(\.indexStep), CallSite(file, line))
        guard accumulates else { return assigned(values, to: steps, at: site) }
        return Call("indexPut", file, line).checked(standIn: layout, dtype) { call throws(Refusal) in
            // What the subscript makes of the elements' places says where each value is to be added.
            let numbers = Tensor(arange: 0..<count).reshaped(to: layout.rowMajor)
            let places = numbers.part(steps, at: site)
            try call.require(
                values.layout.expanded(to: places.layout) != nil,
                "shape \(values.shape) does not broadcast to the part's shape \(places.shape)"
            )
            if places.isFailed { throw Refusal() }
            let added = values.to(dtype).expanded(to: places.layout.rowMajor).flattened()
            return flattened().indexAdd(axis: 0, places.flattened(), added, file: file, line: line)
                .reshaped(to: layout.rowMajor)
        }
    }
}
