import WeftRuntime

/// Launching the kernels whose items are (part, output) pairs.
extension Tensor {
    /// Elements beyond this many that go into few outputs are reduced in parts, which are then combined in
    /// order. Fixed, so that the result does not depend on the number of threads.
    private static let partLength = 32_768
    private static let mostOutputsInParts = 64
    /// Where neighbouring outputs are reduced side by side, a part holds as many elements of all of them together,
    /// so that what is read lies in long runs even in a small part.
    private static let panelPartElements = 131_072
    private static let shortestPanelPart = 128
    /// Outputs side by side in one chunk at the most, as the kernels take them, and at the least.
    private static let panel = 1024
    private static let smallestPanelChunk = 256
    private static let nanosecondsPerElement = 0.15
    /// Of an output that needs no second look at its elements.
    private static let nanosecondsPerSpread = 5.0

    /// Reduces `axes` with a kernel; not recorded.
    ///
    /// - Parameters:
    ///   - resultDType: float32 for sums of 16-bit elements that are not to be rounded yet, int64 for indices; by default
    ///     that of the elements.
    ///   - scale: what sums are multiplied by.
    ///   - centers: a dense tensor with an element for each output, for the kernels that take one; of the dtype in which
    ///     sums are computed.
    ///   - combining: the kernels that combine the results of parts; nil if there are none.
    ///   - target: the result's sizes, where they are neither of those that `keepDims` gives.
    func reduced(
        _ family: KernelFamily,
        over axes: AxisSet,
        keepDims: Bool,
        resultDType: DType? = nil,
        scale: Double = 1,
        centers: Tensor? = nil,
        combining: KernelFamily?,
        into target: Layout? = nil,
        at site: CallSite?
    ) -> Tensor {
        let resultLayout = target ?? layout.reduced(over: axes, keepDims: keepDims)
        let resultDType = resultDType ?? dtype
        if isFailed { return Tensor(standIn: resultLayout, dtype: resultDType) }
        guard let handle = family[dtype] else {
            guard dtype.isNarrowInteger, family[.int64] != nil else { return .refuseDType(family, self, at: site) }
            return converted(to: .int64, at: site).reduced(
                family,
                over: axes,
                keepDims: keepDims,
                scale: scale,
                combining: combining,
                into: target,
                at: site
            ).converted(to: resultDType, at: site)
        }
        let addsUp = handle == KernelFamily.sum[dtype] || handle == KernelFamily.squares[dtype]
        if addsUp, !isContiguous, let rows = inRowOrder(at: site) {
            return rows.reduced(
                family,
                over: axes,
                keepDims: keepDims,
                resultDType: resultDType,
                scale: scale,
                centers: centers,
                combining: combining,
                into: target,
                at: site
            )
        }
        // The kernels store sums of 16-bit elements as float32; they are rounded when they are complete.
        let widens = dtype.isHalf && addsUp
        let sumDType = widens ? .float32 : resultDType
        if let centers { precondition(centers.dtype == sumDType, "the centres are not of the sums' dtype") }
        let space = ReductionSpace(of: self, over: axes)
        if let combining, let partLength = Self.partLength(of: space) {
            let partial = Tensor.uninitialized(
                like: Layout(rowMajor: [(space.reducedCount + partLength - 1) / partLength, space.outputCount]),
                dtype: sumDType,
                operation: family.name,
                at: site
            )
            if partial.isFailed { return Tensor(standIn: resultLayout, dtype: resultDType) }
            launchReduction(handle, space, into: partial, partLength: partLength, scale: 1, centers: centers)
            var outer = AxisSet()
            outer.insert(0)
            return partial.reduced(combining, over: outer, keepDims: false, scale: scale, combining: nil, at: site)
                .view(resultLayout).converted(to: resultDType, at: site)
        }
        let result = Tensor.uninitialized(
            like: resultLayout,
            dtype: sumDType,
            operation: family.name,
            at: site
        )
        if !result.isFailed {
            let partLength = Swift.max(space.reducedCount, 1)
            launchReduction(handle, space, into: result, partLength: partLength, scale: scale, centers: centers)
        }
        return widens ? result.converted(to: resultDType, at: site) : result
    }

    /// A row-major copy of channels-last elements, whose sums are not to depend on their order in memory; nil where they
    /// lie otherwise.
    @inline(never)
    func inRowOrder(at site: CallSite?) -> Tensor? { format == .channelsLast ? contiguous(at: site) : nil }

    /// Makes variances of these elements, or their roots, of the `sums` of squared distances from `centers` along `axes`.
    /// Both are fresh and dense; centres become more exact where the kernel had to look at the elements again.
    ///
    /// - Parameter scale: the reciprocal of what the sums are divided by.
    func finishSpread(_ sums: Tensor, about centers: Tensor, over axes: AxisSet, scale: Double, takesRoot: Bool) {
        guard !isFailed, !sums.isFailed, !centers.isFailed, let handle = KernelFamily.spread[dtype] else { return }
        let space = ReductionSpace(of: self, over: axes)
        var launch = Launch(
            handle,
            shape: space.dimensions.sizes,
            rank: space.dimensions.rank,
            items: sums.count,
            nanosecondsPerItem: Self.nanosecondsPerSpread
        )
        launch.append(sums, strides: Extents(repeating: 0))
        launch.append(self, strides: space.dimensions.strides[0])
        launch.append(centers, strides: Extents(repeating: 0))
        launch.setInteger(0, space.keptRank)
        launch.setInteger(1, 1)
        launch.setInteger(2, Swift.max(space.reducedCount, 1))
        launch.setInteger(3, takesRoot ? 1 : 0)
        launch.setNumber(0, scale)
        Tensor.runWithoutScratch(&launch)
        withExtendedLifetime((self, sums, centers)) {}
    }

    /// How many reduced elements make a part; nil if one part is best.
    private static func partLength(of space: ReductionSpace) -> Int? {
        if space.outputCount <= mostOutputsInParts, space.panelColumns == nil {
            return space.reducedCount >= 2 * partLength ? partLength : nil
        }
        // Many outputs make chunks enough without parts.
        guard let columns = space.panelColumns, space.outputCount <= 64 * panel else { return nil }
        let length = Swift.max(shortestPanelPart, panelPartElements / Swift.min(columns, panel))
        return space.reducedCount >= 2 * length ? length : nil
    }

    private func launchReduction(
        _ handle: KernelHandle,
        _ space: ReductionSpace,
        into output: Tensor,
        partLength: Int,
        scale: Double,
        centers: Tensor?
    ) {
        let parts = space.outputCount == 0 ? 1 : output.count / space.outputCount
        var launch = Launch(
            handle,
            shape: space.dimensions.sizes,
            rank: space.dimensions.rank,
            items: output.count,
            nanosecondsPerItem: Double(partLength) * Self.nanosecondsPerElement
        )
        if let columns = space.panelColumns {
            // A chunk of few columns would read a little of many pages.
            let whole = Swift.min(columns, Self.panel)
            launch.chunkMultiple = parts > 1 ? whole : Swift.max(Swift.min(whole, Self.smallestPanelChunk), whole / 2)
        }
        launch.append(output, strides: Extents(repeating: 0))
        launch.append(self, strides: space.dimensions.strides[0])
        if let centers { launch.append(centers, strides: Extents(repeating: 0)) }
        launch.setInteger(0, space.keptRank)
        launch.setInteger(1, parts)
        launch.setInteger(2, partLength)
        launch.setNumber(0, scale)
        Tensor.runWithoutScratch(&launch)
        withExtendedLifetime((self, output, centers)) {}
    }
}

/// A tensor's dimensions as a reduction sees them: those that are kept, then those that are reduced.
private struct ReductionSpace {
    private(set) var dimensions = IterationSpace<1>()
    let keptRank: Int
    let outputCount: Int
    let reducedCount: Int

    init(of tensor: Tensor, over axes: AxisSet) {
        var (outputCount, reducedCount) = (1, 1)
        let rank = tensor.rank
        for axis in 0..<rank where !axes.contains(axis) {
            dimensions.append(size: tensor.extent(axis)) { _ in tensor.stride(axis) }
            outputCount *= tensor.extent(axis)
        }
        keptRank = dimensions.startGroup()
        for axis in 0..<rank where axes.contains(axis) {
            dimensions.append(size: tensor.extent(axis)) { _ in tensor.stride(axis) }
            reducedCount *= tensor.extent(axis)
        }
        self.outputCount = outputCount
        self.reducedCount = reducedCount
    }

    /// How many outputs are neighbours whose elements lie side by side in memory, where the reduced elements of one
    /// do not; nil where they do.
    var panelColumns: Int? {
        guard keptRank > 0, dimensions.strides[0][keptRank - 1] == 1, dimensions.sizes[keptRank - 1] >= 8 else {
            return nil
        }
        return dimensions.sizes[keptRank - 1]
    }
}
