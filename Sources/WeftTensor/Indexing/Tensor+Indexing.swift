import WeftRuntime

extension KernelFamily {
    fileprivate static let indexSelect = KernelFamily("index_select")
    static let indexAdd = KernelFamily("index_add")
    fileprivate static let gather = KernelFamily("gather")
    static let scatterAdd = KernelFamily("scatter_add")
}

extension Tensor {
    /// The slices along `axis` that `indices` name, in their order: its shape takes the place of the axis.
    /// Negative indices count from the end. A scalar counts as a vector, of which one index makes a scalar again.
    ///
    /// Refused unless `indices` is int64 and in range.
    public func indexSelect(
        axis: Int,
        _ indices: Tensor,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        var target = shape
        if let axis = target.indices.first(where: { $0 == axis || $0 == axis + rank }) {
            target.replaceSubrange(axis...axis, with: indices.shape)
        }
        return Call("indexSelect", file, line).checked(standIn: Layout(nearest: target), dtype) {
            call throws(Refusal) in
            let axis = try call.axis(axis, of: self)
            if rank == 0 {
                try call.require(indices.count == 1, "of a scalar one index is wanted, not shape \(indices.shape)")
                try indices.requireIndices(call, extent: 1)
                return self
            }
            try call.require(
                target.count <= Layout.maximumRank,
                "shape \(shape) indexed with shape \(indices.shape) has more than \(Layout.maximumRank) dimensions"
            )
            try indices.requireIndices(call, extent: extent(axis))
            let layout = try call.layout(target)
            let selected = selecting(indices.flattened().contiguous(at: call.site), axis: axis, at: call.site)
            return indices.rank == 1 ? selected : selected.reshaped(to: layout)
        }
    }

    /// For every element of `index` the element of this tensor at the same place, but for `axis`, where it is
    /// `index`'s value. The result has the shape of `index`. Negative indices count from the end.
    ///
    /// Refused unless `index` is int64, has as many dimensions, is no larger but along `axis`, and is in range. An
    /// index without elements may have any shape, and scalars count as vectors.
    public func gather(axis: Int, _ index: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        Call("gather", file, line).checked(standIn: index.layout.rowMajor, dtype) { call throws(Refusal) in
            let (axis, index) = (try call.axis(axis, of: self), index.asIndices)
            if rank == 0 || index.rank == 0, rank + index.rank == 1 {
                return atLeast1D().gather(axis: 0, index.atLeast1D(), file: file, line: line)
                    .reshaped(to: index.layout.rowMajor)
            }
            try call.require(
                index.count == 0
                    || index.rank == rank && (0..<rank).allSatisfy { $0 == axis || index.extent($0) <= extent($0) },
                "an index of shape \(index.shape) does not fit shape \(shape): as many dimensions are wanted, none larger "
                    + "but axis \(axis)"
            )
            try index.requireIndices(call, extent: rank == 0 ? 1 : extent(axis))
            return gathered(axis: axis, index, at: call.site)
        }
    }

    /// Indices of narrower integers as int64, which kernels read.
    var asIndices: Tensor { dtype.isNarrowInteger ? converted(to: .int64, at: nil) : self }

    /// Refuses `call` unless these are int64 indices into `extent` elements. Those that were refused themselves pass:
    /// what is recorded from them is refused in turn.
    func requireIndices(
        _ call: Call,
        extent: Int,
        what: String = "index",
        allowsNegative: Bool = true
    ) throws(Refusal) {
        let advice = dtype == .bool ? ": what a mask selects is `x[mask]`" : ""
        try call.require(dtype == .int64, "an \(what) must be int64, not \(dtype)\(advice)")
        guard count > 0, !isFailed else { return }
        let (low, high) = (min().item(as: Int.self), max().item(as: Int.self))
        let smallest = allowsNegative ? -extent : 0
        if low >= smallest, high < extent { return }
        let range = extent == 0 ? "there are none to choose from" : "\(smallest) ... \(extent - 1) are valid"
        throw call.refusal("\(what) \(low < smallest ? low : high) is out of range: \(range)")
    }

    // MARK: - Whole slices

    /// The slices along `axis` that the valid `indices`, shape [n], name.
    func selecting(_ indices: Tensor, axis: Int, at site: CallSite? = nil) -> Tensor {
        var target = layout
        target.setDimension(axis, size: indices.count, stride: 0)
        let result = Tensor.uninitialized(like: target, dtype: dtype, operation: "indexSelect", at: site)
        let source = collapsedAround(axis) == nil ? contiguous(at: site) : self
        guard let handle = kernel(of: .indexSelect, at: site) else { return .failed(like: result) }
        guard !result.isFailed, let from = source.collapsedAround(axis), let to = result.collapsedAround(axis) else {
            return result
        }
        var launch = Launch(
            handle,
            shape: to.sizes,
            rank: 3,
            items: to.sizes[0] * to.sizes[1],
            nanosecondsPerItem: Double(to.sizes[2]) * PointwiseCost.arithmetic
        )
        launch.append(result, strides: to.strides)
        launch.append(source, strides: from.strides)
        launch.append(indices, strides: Self.middle(indices.layout.strides[0]))
        launch.setInteger(0, layout.sizes[axis])
        Tensor.runWithoutScratch(&launch)
        withExtendedLifetime((source, result, indices)) {}
        return .recordedIndexing(.indexSelect, result, of: self, indices, axis) { gradient, step in
            step.give(0, gradient.addedUp(step[1], axis: step.attributes.axis, in: step[0].layout))
        }
    }

    /// Zeros with the sizes of `whole`, to whose slices along `axis` these are added where `indices` names them:
    /// the gradient of `selecting`.
    func addedUp(_ indices: Tensor, axis: Int, in whole: Layout) -> Tensor {
        let sums = Tensor.filled(whole.rowMajor, 0.0, dtype: sumDType, at: nil)
        guard launchIndexAdd(into: sums, indices, axis: axis) else {
            return Tensor(standIn: whole.rowMajor, dtype: dtype)
        }
        let result = sums.converted(to: dtype, at: nil)
        return .recordedIndexing(.indexAdd, result, of: self, indices, axis) { gradient, step in
            step.give(0, gradient.selecting(step[1], axis: step.attributes.axis))
        }
    }

    /// The dtype in which elements are added up: 16-bit ones as float32, and rounded when their sums are complete, and
    /// truth values as int64, of which then counts whether they are 0.
    var sumDType: DType { dtype.isNarrow ? .int64 : dtype.isHalf ? .float32 : dtype }

    /// A fresh row-major tensor of these elements, to add to.
    func startOfSums(at site: CallSite?) -> Tensor {
        sumDType == dtype ? .copy(of: self, at: site) : contiguous(at: site).converted(to: sumDType, at: site)
    }

    /// Adds these slices to those of `result`, a fresh tensor of `sumDType`, along `axis` where the valid `indices`
    /// name them, in their order.
    ///
    /// - Returns: whether nothing failed.
    func launchIndexAdd(into result: Tensor, _ indices: Tensor, axis: Int) -> Bool {
        let source = collapsedAround(axis) == nil ? contiguous() : self
        guard !isFailed, !result.isFailed, let handle = kernel(of: .indexAdd, at: nil),
            let from = source.collapsedAround(axis), let to = result.collapsedAround(axis)
        else { return false }
        let columns = (from.sizes[2] + 63) / 64
        var launch = Launch(
            handle,
            shape: from.sizes,
            rank: 3,
            items: from.sizes[0] * columns,
            nanosecondsPerItem: Double(from.sizes[1] * Swift.min(64, from.sizes[2])) * PointwiseCost.arithmetic
        )
        launch.append(result, strides: to.strides)
        launch.append(source, strides: from.strides)
        launch.append(indices, strides: Self.middle(indices.layout.strides[0]))
        launch.setInteger(0, result.layout.sizes[axis])
        Tensor.runWithoutScratch(&launch)
        withExtendedLifetime((source, result, indices)) {}
        return true
    }

    /// This layout as [before, axis, after]; nil if the dimensions before or after do not merge.
    func collapsedAround(_ axis: Int) -> Layout? {
        var space = IterationSpace<1>()
        var result = Layout()
        for part in [0..<axis, axis..<(axis + 1), (axis + 1)..<rank] {
            let first = space.startGroup()
            for dimension in part {
                space.append(size: layout.sizes[dimension]) { _ in layout.strides[dimension] }
            }
            guard space.rank - first <= 1 else { return nil }
            let isMissing = space.rank == first
            result.append(size: isMissing ? 1 : space.sizes[first], stride: isMissing ? 0 : space.strides[0][first])
        }
        // The kernels' fast paths look for unit steps along the innermost dimension.
        if result.sizes[2] == 1 { result.setDimension(2, size: 1, stride: 1) }
        return result
    }

    private static func middle(_ stride: Int) -> Extents {
        var strides = Extents(repeating: 0)
        strides[1] = stride
        return strides
    }

    // MARK: - Single elements

    /// `gather` with an index that was checked.
    func gathered(axis: Int, _ index: Tensor, at site: CallSite? = nil) -> Tensor {
        let result = Tensor.uninitialized(like: index.layout, dtype: dtype, operation: "gather", at: site)
        guard let handle = kernel(of: .gather, at: site) else { return .failed(like: result) }
        guard !result.isFailed else { return result }
        // A launch over no rows would divide by their length; the result is recorded all the same.
        if result.count > 0 {
            var launch = elementLaunch(handle, axis: axis, over: index.layout)
            launch.append(result, strides: Self.rowStrides(result.layout, axis: axis))
            launch.append(self, strides: Self.rowStrides(layout, axis: axis, innermost: 0))
            launch.append(index, strides: Self.rowStrides(index.layout, axis: axis))
            Tensor.runWithoutScratch(&launch)
            withExtendedLifetime((self, result, index)) {}
        }
        return .recordedIndexing(.gather, result, of: self, index, axis) { gradient, step in
            step.give(0, gradient.scattered(step[1], axis: step.attributes.axis, in: step[0].layout))
        }
    }

    /// Zeros with the sizes of `whole`, to whose elements these are added where `index` names them along `axis`:
    /// the gradient of `gathered`.
    private func scattered(_ index: Tensor, axis: Int, in whole: Layout) -> Tensor {
        let sums = Tensor.filled(whole.rowMajor, 0.0, dtype: sumDType, at: nil)
        guard launchScatter(.scatterAdd, into: sums, index, axis: axis) else {
            return Tensor(standIn: whole.rowMajor, dtype: dtype)
        }
        let result = sums.converted(to: dtype, at: nil)
        return .recordedIndexing(.scatterAdd, result, of: self, index, axis) { gradient, step in
            step.give(0, gradient.gathered(axis: step.attributes.axis, step[1]))
        }
    }

    /// Writes or adds these elements, of the valid `index`'s shape, to those of `result`, a fresh tensor, where `index`
    /// names them along `axis`. What is added to has `sumDType`.
    ///
    /// - Returns: whether nothing failed.
    func launchScatter(_ family: KernelFamily, into result: Tensor, _ index: Tensor, axis: Int) -> Bool {
        guard !isFailed, !result.isFailed, let handle = kernel(of: family, at: nil) else { return false }
        guard index.count > 0 else { return true }
        var launch = result.elementLaunch(handle, axis: axis, over: index.layout)
        launch.append(result, strides: Self.rowStrides(result.layout, axis: axis, innermost: 0))
        launch.append(self, strides: Self.rowStrides(layout, axis: axis))
        launch.append(index, strides: Self.rowStrides(index.layout, axis: axis))
        Tensor.runWithoutScratch(&launch)
        withExtendedLifetime((self, result, index)) {}
        return true
    }

    /// A launch over the rows along `axis` of `index`, which index into this tensor.
    private func elementLaunch(_ handle: KernelHandle, axis: Int, over index: Layout) -> Launch {
        let length = index.rank == 0 ? 1 : index.sizes[axis]
        var sizes = Extents(repeating: 1)
        var next = 0
        for dimension in 0..<index.rank where dimension != axis {
            sizes[next] = index.sizes[dimension]
            next += 1
        }
        sizes[next] = length
        var launch = Launch(
            handle,
            shape: sizes,
            rank: next + 1,
            items: index.count / length,
            nanosecondsPerItem: Double(length) * 4 * PointwiseCost.arithmetic
        )
        launch.setInteger(0, rank == 0 ? 1 : layout.sizes[axis])
        launch.setInteger(1, rank == 0 ? 1 : layout.strides[axis])
        return launch
    }

    /// The strides with `axis` moved innermost, or `innermost` in its place.
    private static func rowStrides(_ layout: Layout, axis: Int, innermost: Int? = nil) -> Extents {
        var strides = Extents(repeating: 0)
        var next = 0
        for dimension in 0..<layout.rank where dimension != axis {
            strides[next] = layout.strides[dimension]
            next += 1
        }
        strides[next] = innermost ?? (layout.rank == 0 ? 0 : layout.strides[axis])
        return strides
    }

    private static func recordedIndexing(
        _ family: KernelFamily,
        _ result: Tensor,
        of input: Tensor,
        _ index: Tensor,
        _ axis: Int,
        rule: @escaping DerivativeRule
    ) -> Tensor {
        .recorded(
            RecordedOperation(family, result.dtype),
            result,
            from: [input],
            savingInputs: false,
            saving: [index],
            attributes: OperationAttributes(axis: axis),
            rule: rule
        )
    }
}
