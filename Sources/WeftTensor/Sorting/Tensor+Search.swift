import WeftRuntime

extension KernelFamily {
    fileprivate static let searchsorted = KernelFamily("searchsorted")
}

/// Where values belong in sorted elements, by halving.
extension Tensor {
    /// For every element of `values` the place in the sorted last dimension of this tensor at which it would be
    /// inserted: before equal elements, or behind them if `right`. Int64, of the shape of `values`. NaN belongs behind
    /// all numbers.
    ///
    /// This tensor is a vector, or has the sizes of `values` but for the last dimension. That it is sorted is not
    /// checked.
    ///
    /// - Parameter order: places along the last dimension, int64 of this tensor's shape, that sort it: `argsort()`.
    public func searchSorted(
        _ values: Tensor,
        right: Bool = false,
        order: Tensor? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        Call("searchSorted", file, line).checked(standIn: values.layout.rowMajor, .int64) { call throws(Refusal) in
            try call.require(
                rank >= 1
                    && (rank == 1 || (rank == values.rank && shape.dropLast() == values.shape.dropLast())),
                "values of shape \(values.shape) cannot be looked for in shape \(shape): a vector is wanted, or the "
                    + "same sizes but for the last"
            )
            let dtype = DType.promoted(DType.promoted(self.dtype, values.dtype), .int64)
            let computed = dtype.isHalf ? .float32 : dtype
            let length = extent(rank - 1)
            if let order {
                try call.require(
                    order.hasSameShape(as: self),
                    "an order of shape \(order.shape) is not that of shape \(shape)"
                )
                try order.requireIndices(call, extent: length, allowsNegative: false)
            }
            let handle = try call.kernel(.searchsorted, for: computed)
            let rows = converted(to: computed, at: call.site).contiguous(at: call.site)
            let sought = values.converted(to: computed, at: call.site).contiguous(at: call.site)
            let result = Tensor.uninitialized(like: values.layout, dtype: .int64, call)
            if isFailed || values.isFailed || order?.isFailed ?? false { return .failed(like: result) }
            rows.launchSearch(handle, into: result, sought, right: right, order: order?.contiguous(at: call.site))
            return result
        }
    }

    /// For every element the number of the interval between ascending `boundaries` in which it lies: that of boundaries
    /// less than it, and equal to it if `right`. Int64, of this tensor's shape. Refused unless `boundaries` is a
    /// vector.
    public func bucketized(
        _ boundaries: Tensor,
        right: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        Call("bucketized", file, line).checked(standIn: layout.rowMajor, .int64) { call throws(Refusal) in
            try call.require(boundaries.rank == 1, "boundaries are a vector, not of shape \(boundaries.shape)")
            return boundaries.searchSorted(self, right: right, file: file, line: line)
        }
    }

    /// Whether each element is among those of `elements`; NaN never is. Bool, of this tensor's shape.
    public func isIn(
        _ elements: Tensor,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let call = Call("isIn", file, line)
        return call.checked(standIn: layout.rowMajor, .bool) { call throws(Refusal) in
            guard elements.count > 0 else { return .filled(layout.rowMajor, false, dtype: .bool, at: call.site) }
            let dtype = DType.promoted(DType.promoted(self.dtype, elements.dtype), .int64)
            let mine = detached().converted(to: dtype, at: call.site)
            let sorted = elements.detached().converted(to: dtype, at: call.site).flattened()
                .sorted(file: file, line: line).values
            let places = sorted.searchSorted(mine, file: file, line: line)
            let last = Tensor.scalar(sorted.count - 1, dtype: .int64)
            let nearest = sorted.indexSelect(axis: 0, Tensor.minimum(places, last), file: file, line: line)
            return nearest .== mine
        }
    }

    private func launchSearch(
        _ handle: KernelHandle,
        into result: Tensor,
        _ values: Tensor,
        right: Bool,
        order: Tensor?
    ) {
        guard result.count > 0 else { return }
        let length = extent(rank - 1)
        // All values are one row where there is one row to look in.
        let columns = rank == 1 ? values.count : values.extent(values.rank - 1)
        let step = rank == 1 ? 0 : length
        var launch = Launch(
            handle,
            shape: [values.count / columns, columns, 1, 1, 1, 1, 1, 1],
            rank: 2,
            items: values.count,
            nanosecondsPerItem: 2 + 3 * Double(Int.bitWidth - length.leadingZeroBitCount)
        )
        launch.append(result, strides: [columns, 1, 0, 0, 0, 0, 0, 0])
        launch.append(values, strides: [columns, 1, 0, 0, 0, 0, 0, 0])
        launch.append(self, strides: [step, 0, 0, 0, 0, 0, 0, 0])
        if let order {
            launch.append(order, strides: [step, 0, 0, 0, 0, 0, 0, 0])
        } else {
            launch.append(nil, strides: Extents(repeating: 0))
        }
        launch.setInteger(0, length)
        launch.setInteger(1, right ? 1 : 0)
        Tensor.runWithoutScratch(&launch)
        withExtendedLifetime((self, result, values, order)) {}
    }
}
