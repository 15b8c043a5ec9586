import WeftRuntime

extension KernelFamily {
    fileprivate static let countTrue = KernelFamily("count_true")
    fileprivate static let nonzero = KernelFamily("nonzero")
    fileprivate static let indexCopy = KernelFamily("index_copy")
    fileprivate static let choose = KernelFamily("where")
}

/// Reading and writing what a tensor among a subscript's indices picks.
extension Tensor {
    /// How many elements of a mask, or places of a list, an item of work has. Results never depend on it.
    private static var partLength: Int { 4096 }

    /// The row-major places of this mask's true elements, ascending, as int64 of shape [number of them].
    ///
    /// Two launches over parts of the mask: one counts, one writes, and in between the counts are summed up.
    func truePositions(at site: CallSite?) -> Tensor {
        let mask = contiguous(at: site)
        guard !mask.isFailed, let count = KernelFamily.countTrue[.bool], let nonzero = KernelFamily.nonzero[.bool]
        else {
            return Tensor(standIn: Layout(rowMajor: [self.count]), dtype: .int64)
        }
        func positions(_ count: Int) -> Tensor {
            .uninitialized(like: Layout(rowMajor: [count]), dtype: .int64, operation: "subscript", at: site)
        }
        guard mask.count > 0 else { return positions(0) }
        let parts = (mask.count + Self.partLength - 1) / Self.partLength
        let cost = Double(Self.partLength) * PointwiseCost.arithmetic
        let counts = positions(parts)
        if counts.isFailed { return counts }
        var counting = Launch(
            count,
            shape: [mask.count, 1, 1, 1, 1, 1, 1, 1],
            rank: 1,
            items: parts,
            nanosecondsPerItem: cost / 4
        )
        counting.append(counts, strides: Extents(repeating: 0))
        counting.append(mask, strides: [1, 0, 0, 0, 0, 0, 0, 0])
        counting.setInteger(0, Self.partLength)
        Tensor.runWithoutScratch(&counting)
        let ends = parts == 1 ? counts : counts.cumulativeSum(axis: 0)
        if ends.isFailed { return ends }
        let total = ends.sliced(axis: 0, start: parts - 1, count: 1).item(as: Int.self)
        let result = positions(total)
        if result.isFailed || total == 0 { return result }
        var writing = Launch(
            nonzero,
            shape: [mask.count, total, 1, 1, 1, 1, 1, 1],
            rank: 2,
            items: parts,
            nanosecondsPerItem: cost
        )
        writing.append(result, strides: [0, 1, 0, 0, 0, 0, 0, 0])
        writing.append(mask, strides: [1, 0, 0, 0, 0, 0, 0, 0])
        writing.append(ends, strides: Extents(repeating: 0))
        writing.setInteger(0, Self.partLength)
        Tensor.runWithoutScratch(&writing)
        withExtendedLifetime((mask, counts, ends, result)) {}
        return result
    }

    /// What `lookup` picks, recorded.
    func selected(by lookup: IndexedPlace.Lookup, at site: CallSite?) -> Tensor {
        let indices = lookup.flatIndices(at: site)
        let list = reshaped(to: layout.replacing(lookup, with: [lookup.pickedCount(of: layout)]))
        let result = list.selecting(indices, axis: lookup.axis, at: site)
        guard !lookup.isMask, lookup.tensor.rank != 1 else { return result }
        return result.reshaped(to: layout.replacing(lookup, with: lookup.tensor.shape))
    }

    /// Overwrites those elements of `region`, a layout whose offset counts from this tensor's first element, that `lookup`
    /// picks with `value`, which broadcasts to them and has this tensor's dtype. Nothing else may use the memory.
    func overwrite(_ region: Layout, at lookup: IndexedPlace.Lookup, with value: Tensor, at site: CallSite?) {
        if lookup.isMask && lookup.positions == nil {
            overwrite(region, masked: lookup, with: value)
            return
        }
        let indices = lookup.flatIndices(at: site)
        // One element for each index, along one dimension.
        let sizes = lookup.isMask ? [indices.count] : lookup.tensor.shape
        let source = value.expanded(to: region.replacing(lookup, with: sizes))
            .reshaped(to: region.replacing(lookup, with: [indices.count]))
        if source.isFailed || indices.isFailed { return }
        let list = region.replacing(lookup, with: [lookup.pickedCount(of: region)])
        if let listed = region.viewed(as: list), writableView(listed).collapsedAround(lookup.axis) != nil {
            source.launchIndexCopy(into: writableView(listed), indices, axis: lookup.axis, areDistinct: lookup.isMask)
        } else {
            // Dimensions around the picked one that do not merge: written in a copy that lies row-major.
            let part = Tensor.copy(of: writableView(region), at: site)
            if part.isFailed { return }
            source.launchIndexCopy(into: part.view(list), indices, axis: lookup.axis, areDistinct: lookup.isMask)
            overwrite(region, with: part)
        }
    }

    /// As `overwrite`, where a mask picks, with values that are the same for all that it picks.
    private func overwrite(_ region: Layout, masked lookup: IndexedPlace.Lookup, with value: Tensor) {
        guard let handle = KernelFamily.choose[dtype] else { return }
        let after = region.rank - lookup.axis - lookup.dimensionCount
        var mask = lookup.tensor.layout
        for _ in 0..<after { mask.append(size: 1, stride: 0) }
        // The picked dimension of the value, if it has it, is of size 1: it stands for as many as the mask has.
        var values = value.layout
        if value.rank > after {
            for _ in 1..<lookup.dimensionCount { values.insert(size: 1, stride: 0, at: value.rank - after) }
        }
        let part = writableView(region)
        Tensor.launchPointwise(
            handle,
            into: part,
            lookup.tensor.view(mask),
            value.view(values),
            part,
            cost: PointwiseCost.arithmetic
        )
    }

    /// Writes these slices along `axis` to those of `target` that the valid `indices` name, in their order.
    ///
    /// - Parameter areDistinct: whether no two indices are equal, so that parts of them can be written at once.
    private func launchIndexCopy(into target: Tensor, _ indices: Tensor, axis: Int, areDistinct: Bool) {
        let source = collapsedAround(axis) == nil ? contiguous() : self
        guard let handle = KernelFamily.indexCopy[dtype], source.count > 0,
            let from = source.collapsedAround(axis), let to = target.collapsedAround(axis)
        else { return }
        let (outer, count, inner) = (from.sizes[0], from.sizes[1], from.sizes[2])
        let length = areDistinct && outer == 1 && count > Self.partLength ? Self.partLength : count
        let parts = count / length
        if parts * length < count {
            let rest = (start: parts * length, count: count - parts * length)
            source.sliced(axis: axis, start: rest.start, count: rest.count).launchIndexCopy(
                into: target,
                indices.sliced(axis: 0, start: rest.start, count: rest.count),
                axis: axis,
                areDistinct: true
            )
        }
        var launch = Launch(
            handle,
            shape: [outer * parts, length, inner, 1, 1, 1, 1, 1],
            rank: 3,
            items: outer * parts * ((inner + 63) / 64),
            nanosecondsPerItem: Double(length * Swift.min(64, inner)) * PointwiseCost.arithmetic
        )
        let step = indices.layout.strides[0]
        var (written, read, named) = (to.strides, from.strides, Extents(repeating: 0))
        named[1] = step
        if parts > 1 {
            written[0] = 0
            read[0] = length * from.strides[1]
            named[0] = length * step
        }
        launch.append(target, strides: written)
        launch.append(source, strides: read)
        launch.append(indices, strides: named)
        launch.setInteger(0, to.sizes[1])
        Tensor.runWithoutScratch(&launch)
        withExtendedLifetime((source, target, indices)) {}
    }
}

extension IndexedPlace.Lookup {
    /// The picked places along one dimension, int64.
    fileprivate func flatIndices(at site: CallSite?) -> Tensor {
        isMask ? positions ?? tensor.truePositions(at: site) : tensor.flattened().contiguous(at: site)
    }

    /// How many places there are to pick from, in a tensor of `layout`.
    fileprivate func pickedCount(of layout: Layout) -> Int {
        (0..<dimensionCount).reduce(1) { $0 &* layout.sizes[axis + $1] }
    }
}
