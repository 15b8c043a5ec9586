import WeftRuntime

/// Dimensions merged, split, moved, added and taken away. What can share memory does until one of the tensors is
/// written.
extension Tensor {
    /// The dimensions from `first` to `last` as one, row-major; negative ones count from the back. A scalar becomes a
    /// vector of one element. Refused if `last` lies before `first`.
    public func flattened(
        from first: Int,
        through last: Int = -1,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        Call("flattened", file, line).checked(standIn: Layout(nearest: [count]), dtype) { call throws(Refusal) in
            let (start, end) = (try call.axis(first, of: self), try call.axis(last, of: self))
            try call.require(start <= end, "dimension \(last) of shape \(shape) lies before dimension \(first)")
            if rank == 0 { return reshaped(to: Layout(rowMajor: [1])) }
            var sizes = shape
            let merged = sizes[start...end].reduce(1, &*)
            sizes.replaceSubrange(start...end, with: [merged])
            return reshaped(to: try call.layout(sizes))
        }
    }

    /// Dimension `axis` as several of the given sizes, one of which may be -1 and follows from the others. Refused
    /// unless their product is the dimension's size, and for a scalar.
    public func unflattened(
        axis: Int,
        _ sizes: [Int],
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        Call("unflattened", file, line).checked(standIn: layout, dtype) { call throws(Refusal) in
            let axis = try call.axis(axis, of: self)
            try call.require(
                rank > 0 && !sizes.isEmpty,
                "\(shape) has no dimension \(axis) that \(sizes) could replace"
            )
            let size = extent(axis)
            let known = sizes.reduce(1) { $1 == -1 ? $0 : $0 &* $1 }
            let own = sizes.map { $0 == -1 && known > 0 && size % known == 0 ? size / known : $0 }
            try call.require(
                own.allSatisfy { $0 >= 0 } && own.reduce(1, &*) == size,
                "\(sizes) do not make up size \(size) of dimension \(axis) of shape \(shape)"
            )
            return reshaped(to: try call.layout(Array(shape[..<axis]) + own + Array(shape[(axis + 1)...])))
        }
    }

    /// Without those of the dimensions `axes`, by default of all, whose size is 1. Others stay: for a dimension that
    /// must have size 1 there is `squeezed(axis:)`.
    public func squeezed(axes: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        Call("squeezed", file, line).checked(standIn: layout, dtype) { call throws(Refusal) in
            let named = try call.axes(Axes(axes), of: self)
            return (0..<rank).reversed().reduce(self) { result, axis in
                named.contains(axis) && extent(axis) == 1 ? result.removingAxis(axis) : result
            }
        }
    }

    /// Dimension `sources[i]` at place `destinations[i]`, and the others in their order in the places left. Refused
    /// unless both name as many dimensions, none of them twice.
    public func movedAxes(
        from sources: [Int],
        to destinations: [Int],
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        Call("movedAxes", file, line).checked(standIn: layout, dtype) { call throws(Refusal) in
            try call.require(
                sources.count == destinations.count,
                "\(sources) and \(destinations) do not name as many axes"
            )
            let named = try call.axes(.several(sources), of: self)
            let places = try call.axes(.several(destinations), of: self)
            var rest = (0..<rank).filter { !named.contains($0) }.makeIterator()
            var order = (0..<rank).map { places.contains($0) ? -1 : rest.next() ?? -1 }
            for (source, destination) in zip(sources, destinations) where rank > 0 {
                order[try call.axis(destination, of: self)] = try call.axis(source, of: self)
            }
            return permutedUnchecked(order)
        }
    }

    /// With at least one dimension: a scalar becomes a vector.
    public func atLeast1D() -> Tensor { rank == 0 ? insertingAxis(0) : self }

    /// With at least two dimensions: a vector becomes a row.
    public func atLeast2D() -> Tensor { rank < 2 ? atLeast1D().insertingAxis(0) : self }

    /// With at least three dimensions: a matrix becomes the one behind which there is nothing, of shape [m, n, 1], and
    /// a vector [1, n, 1], as in NumPy.
    public func atLeast3D() -> Tensor { rank < 3 ? atLeast2D().insertingAxis(2) : self }

    /// The sums along those dimensions along which a tensor of `shape` would be repeated to have this one's shape: the
    /// reverse of `expanded(to:)`. Truth values are summed as int64, but for those whose shape stays. Refused unless it
    /// would.
    public func summed(to shape: [Int], file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        Call("summed", file, line).checked(standIn: Layout(nearest: shape), dtype) { call throws(Refusal) in
            let target = try call.layout(shape)
            try call.require(
                target.expanded(to: layout) != nil,
                "shape \(shape) does not broadcast to \(self.shape), so it cannot be summed to"
            )
            return rank > 0 && target.hasSameShape(as: layout) ? self : summed(to: target)
        }
    }
}

/// `tensors` repeated without a copy to the one shape that they broadcast to. Refused if there is none.
public func broadcasted(_ tensors: [Tensor], file: StaticString = #fileID, line: UInt = #line) -> [Tensor] {
    var target: Layout? = Layout()
    for tensor in tensors { target = target.flatMap { Layout.broadcast($0, tensor.layout) } }
    let call = Call("broadcasted", file, line)
    guard let target else {
        _ = call.refusal(Call.mismatch(tensors))
        return tensors.map { .failed(like: $0) }
    }
    return tensors.map { $0.expanded(to: target) }
}
