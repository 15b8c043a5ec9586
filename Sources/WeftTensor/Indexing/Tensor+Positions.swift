import WeftRuntime

extension KernelFamily {
    fileprivate static let unravel = KernelFamily("unravel")
}

/// Where elements are that are not 0, and what a mask picks.
extension Tensor {
    /// The places of the elements that are not 0, NaN being none, row-major: int64 of shape [their number, rank].
    public func nonzero(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let site = CallSite(file, line)
        let standIn = Tensor(standIn: Layout(rows: count, columns: rank), dtype: .int64)
        let places = detached().converted(to: .bool, at: site).truePositions(at: site)
        if places.isFailed { return standIn }
        let layout = Layout(rows: places.count, columns: rank)
        let result = Tensor.uninitialized(like: layout, dtype: .int64, operation: "nonzero", at: site)
        guard !result.isFailed, result.count > 0, let handle = KernelFamily.unravel[.int64] else { return result }
        let sizes = Tensor(shape)
        var launch = Launch(
            handle,
            shape: [places.count, rank, 1, 1, 1, 1, 1, 1],
            rank: 2,
            items: places.count,
            nanosecondsPerItem: Double(rank) * 8
        )
        launch.append(result, strides: [rank, 1, 0, 0, 0, 0, 0, 0])
        launch.append(places, strides: [1, 0, 0, 0, 0, 0, 0, 0])
        launch.append(sizes, strides: [0, 1, 0, 0, 0, 0, 0, 0])
        Tensor.runWithoutScratch(&launch)
        withExtendedLifetime((places, sizes, result)) {}
        return result
    }

    /// The columns of `nonzero`, a vector for each dimension, which index this tensor together; a scalar counts as a
    /// vector.
    public func nonzeroIndices(file: StaticString = #fileID, line: UInt = #line) -> [Tensor] {
        atLeast1D().nonzero(file: file, line: line).unstacked(axis: 1, file: file, line: line)
    }

    /// The elements where `mask` is true, row-major in one dimension. Both broadcast, unlike in a subscript. Gradients
    /// flow to what was selected. Refused unless `mask` is bool and broadcasts with this tensor.
    public func maskedSelect(_ mask: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        Call("maskedSelect", file, line).checked(standIn: Layout(nearest: [count]), dtype) { call throws(Refusal) in
            let target = try call.maskLayout(mask, for: self)
            return expanded(to: target)[mask.expanded(to: target), file: file, line: line]
        }
    }

    /// This tensor with the elements of `source`, in order, where `mask` is true. Tensor and mask broadcast, which may
    /// make the result larger. Gradients flow to what is kept and to what is used of `source`.
    ///
    /// Refused unless `mask` is bool and broadcasts with this tensor, and `source` has its dtype and an element for
    /// each true one.
    public func maskedScatter(
        _ mask: Tensor,
        _ source: Tensor,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        Call("maskedScatter", file, line).checked(standIn: layout, dtype) { call throws(Refusal) in
            let target = try call.maskLayout(mask, for: self)
            try call.require(source.dtype == dtype, "a \(source.dtype) source does not fit \(dtype)")
            let places = mask.expanded(to: target).truePositions(at: call.site)
            try call.require(
                places.isFailed || source.isFailed || source.count >= places.count,
                "the mask selects \(places.count) elements, but the source of shape \(source.shape) has \(source.count)"
            )
            if places.isFailed || source.isFailed { return .failed(like: self) }
            var result = expanded(to: target).flattened()
            result[places, file: file, line: line] =
                source.flattened().sliced(axis: 0, start: 0, count: places.count)
            return result.reshaped(to: layout.rank == 0 && mask.rank == 0 ? Layout() : target)
        }
    }
}

extension Call {
    /// What `mask` and `tensor` broadcast to, with one dimension at least.
    fileprivate func maskLayout(_ mask: Tensor, for tensor: Tensor) throws(Refusal) -> Layout {
        try require(mask.dtype == .bool, "a mask must be bool, not \(mask.dtype)")
        guard let layout = Layout.broadcast(tensor.layout, mask.layout) else {
            throw refusal(Call.mismatch([tensor, mask]))
        }
        return layout.rank == 0 ? Layout(rowMajor: [1]) : layout
    }
}
