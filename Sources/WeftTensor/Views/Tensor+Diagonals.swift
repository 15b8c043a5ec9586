import WeftRuntime

/// Diagonals. `offset` says which: 0 is the one from the first element, positive ones lie as much further right,
/// negative ones further down.
extension Tensor {
    /// The diagonals of the matrices that `axis1` and `axis2` span, along a new last dimension in place of the two.
    /// They share memory until one of the tensors is written. Refused for an axis that there is not, and for one twice.
    public func diagonal(
        offset: Int = 0,
        axis1: Int = 0,
        axis2: Int = 1,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let standIn = layout.reduced(over: layout.existing(.one(axis1)), keepDims: false)
        return Call("diagonal", file, line).checked(standIn: standIn, dtype) { call throws(Refusal) in
            part(as: .diagonal, try call.diagonal(offset, axis1, axis2, of: self))
        }
    }

    /// This tensor with `source` in place of its `diagonal` of the same axes; gradients flow to both. Refused unless
    /// `source` has the diagonal's shape. It is converted to this dtype.
    public func diagonalScatter(
        _ source: Tensor,
        offset: Int = 0,
        axis1: Int = 0,
        axis2: Int = 1,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        Call("diagonalScatter", file, line).checked(standIn: layout, dtype) { call throws(Refusal) in
            let region = try call.diagonal(offset, axis1, axis2, of: self)
            try requireFit(source, region, call)
            return replaced(region, with: source)
        }
    }

    /// Matrices of zeros with the elements of the last dimension as their diagonals; `axis1` and `axis2` are the
    /// matrices' dimensions in the result. Refused for a scalar, an axis that there is not, and for one twice.
    public func diagonalEmbedding(
        offset: Int = 0,
        axis1: Int = -2,
        axis2: Int = -1,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        Call("diagonalEmbedding", file, line).checked(standIn: Layout(nearest: shape + [1]), dtype) {
            call throws(Refusal) in
            try call.require(rank > 0, "a scalar has no last dimension")
            var whole = Tensor(standIn: Layout(nearest: shape + [1]), dtype: dtype)
            _ = try call.layout(shape + [1])
            let (a, b) = (try call.axis(axis1, of: whole), try call.axis(axis2, of: whole))
            try call.require(a != b, "the two axes of a diagonal must differ: both are \(a)")
            let (size, overflow) = Int(offset.magnitude & .max).addingReportingOverflow(extent(rank - 1))
            var sizes = Array(shape.dropLast())
            for axis in [Swift.min(a, b), Swift.max(a, b)] { sizes.insert(overflow ? .max : size, at: axis) }
            whole = Tensor(standIn: try call.layout(sizes), dtype: dtype)
            return placed(try call.diagonal(offset, a, b, of: whole), in: whole.layout)
        }
    }

    /// Of a matrix its diagonal, of a vector a matrix with the vector as its diagonal. Refused for other ranks.
    public func diag(offset: Int = 0, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        Call("diag", file, line).checked(standIn: layout, dtype) { call throws(Refusal) in
            try call.require(rank == 1 || rank == 2, "a vector or a matrix is wanted, not shape \(shape)")
            return rank == 1
                ? diagonalEmbedding(offset: offset, file: file, line: line)
                : diagonal(offset: offset, file: file, line: line)
        }
    }

    /// A matrix with all elements, row-major, as its diagonal.
    public func diagFlat(offset: Int = 0, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        flattened().diagonalEmbedding(offset: offset, file: file, line: line)
    }
}

extension Call {
    /// The diagonal of two dimensions of `tensor`.
    fileprivate func diagonal(_ offset: Int, _ axis1: Int, _ axis2: Int, of tensor: Tensor) throws(Refusal)
        -> PartOfLayout
    {
        try require(tensor.rank > 1, "shape \(tensor.shape) has no two dimensions")
        let (a, b) = (try axis(axis1, of: tensor), try axis(axis2, of: tensor))
        try require(a != b, "the two axes of a diagonal must differ: both are \(a)")
        return { layout in
            let (rows, columns) = (layout.sizes[a], layout.sizes[b])
            let length = Swift.max(offset < 0 ? min(rows &+ offset, columns) : min(rows, columns &- offset), 0)
            var part = layout
            if length > 0 { part.offset += offset < 0 ? -offset * layout.strides[a] : offset * layout.strides[b] }
            part.remove(Swift.max(a, b))
            part.remove(Swift.min(a, b))
            part.append(size: length, stride: layout.strides[a] + layout.strides[b])
            return part
        }
    }
}
