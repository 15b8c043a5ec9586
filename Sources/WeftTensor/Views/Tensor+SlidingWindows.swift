import WeftRuntime

extension Tensor {
    /// Windows of `size` elements along `axis`, `step` apart: their number takes the axis' place, and what is in them
    /// is a new last dimension. They share memory, overlapping where `step` is less than `size`; the gradient of an
    /// element is the sum of those of its copies. A scalar counts as a vector.
    ///
    /// Refused for windows larger than the axis, steps below 1, and more than eight dimensions.
    public func unfolded(
        axis: Int,
        size: Int,
        step: Int,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        Call("unfolded", file, line).checked(standIn: Layout(nearest: shape + [1]), dtype) { call throws(Refusal) in
            let axis = try call.axis(axis, of: self)
            if rank == 0 {
                try call.require(size >= 0 && size <= 1 && step > 0, "a scalar has no windows of size \(size)")
                return atLeast1D().sliced(axis: 0, start: 0, count: size)
            }
            try call.require(
                size >= 0 && size <= extent(axis) && step > 0,
                "windows of size \(size) at steps of \(step) do not fit axis \(axis) of shape \(shape)"
            )
            try call.require(rank < Layout.maximumRank, "shape \(shape) already has the most dimensions")
            return windows(axis, size, step)
        }
    }

    private func windows(_ axis: Int, _ size: Int, _ step: Int) -> Tensor {
        let number = (extent(axis) - size) / step + 1
        var windows = layout
        let stride = layout.strides[axis]
        windows.setDimension(axis, size: number, stride: number > 1 ? stride * step : stride)
        windows.append(size: size, stride: stride)
        return view(windows).recordedAsView(.unfold, of: self) { gradient, entry in
            // The elements of all windows, one after the other along the axis, are added where they come from.
            var order = Array(0..<(gradient.rank - 1))
            order.insert(gradient.rank - 1, at: axis + 1)
            var sizes = gradient.shape
            sizes[axis] *= sizes.removeLast()
            let places = (0..<number).flatMap { window in (0..<size).map { window * step + $0 } }
            let elements = gradient.permutedUnchecked(order).reshaped(to: Layout(rowMajor: sizes))
            entry.give(0, elements.addedUp(Tensor(places), axis: axis, in: entry[0].layout))
        }
    }
}
