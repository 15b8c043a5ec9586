import WeftRuntime

/// Launching the kernels whose items are (part, output) pairs.
extension Tensor {
    /// Elements beyond this many that go into few outputs are reduced in parts, which are then combined in
    /// order. Fixed, so that the result does not depend on the number of threads.
    private static let partLength = 32_768
    private static let mostOutputsInParts = 64
    private static let nanosecondsPerElement = 0.15

    /// Reduces `axes` with a kernel; not recorded.
    ///
    /// - Parameters:
    ///   - scale: what sums are multiplied by.
    ///   - isSplittable: whether results of parts can be reduced by the same kernel.
    func reduced(
        _ family: KernelFamily,
        over axes: AxisSet,
        keepDims: Bool,
        resultDType: DType? = nil,
        scale: Double = 1,
        isSplittable: Bool = true,
        at site: CallSite?
    ) -> Tensor {
        if isFailed { return Tensor(standIn: layout.reduced(over: axes, keepDims: keepDims), dtype: dtype) }
        guard let handle = family[dtype] else { return .refuseDType(family, self, at: site) }
        let resultLayout = layout.reduced(over: axes, keepDims: keepDims)
        let outputCount = resultLayout.count
        let reducedCount = outputCount == 0 ? 0 : count / outputCount
        if isSplittable, outputCount <= Self.mostOutputsInParts, reducedCount >= 2 * Self.partLength {
            let parts = (reducedCount + Self.partLength - 1) / Self.partLength
            let partial = Tensor.uninitialized(
                like: Layout(rowMajor: [parts, outputCount]),
                dtype: dtype,
                operation: family.name,
                at: site
            )
            if partial.isFailed { return Tensor(standIn: resultLayout, dtype: dtype) }
            launchReduction(handle, over: axes, into: partial, parts: parts, partLength: Self.partLength, scale: 1)
            var outer = AxisSet()
            outer.insert(0)
            return partial.reduced(family, over: outer, keepDims: false, scale: scale, isSplittable: false, at: site)
                .view(resultLayout)
        }
        let result = Tensor.uninitialized(
            like: resultLayout,
            dtype: resultDType ?? dtype,
            operation: family.name,
            at: site
        )
        if !result.isFailed {
            launchReduction(
                handle,
                over: axes,
                into: result,
                parts: 1,
                partLength: Swift.max(reducedCount, 1),
                scale: scale
            )
        }
        return result
    }

    private func launchReduction(
        _ handle: KernelHandle,
        over axes: AxisSet,
        into output: Tensor,
        parts: Int,
        partLength: Int,
        scale: Double
    ) {
        var space = IterationSpace(operandCount: 1)
        for axis in 0..<rank where !axes.contains(axis) {
            space.append(size: layout.sizes[axis]) { _ in layout.strides[axis] }
        }
        let keptRank = space.startGroup()
        for axis in 0..<rank where axes.contains(axis) {
            space.append(size: layout.sizes[axis]) { _ in layout.strides[axis] }
        }
        var launch = Launch(
            handle,
            shape: space.sizes,
            rank: space.rank,
            items: output.count,
            nanosecondsPerItem: Double(partLength) * Self.nanosecondsPerElement
        )
        launch.append(output, strides: Extents(repeating: 0))
        launch.append(self, strides: space.strides[0])
        launch.setInteger(0, keptRank)
        launch.setInteger(1, parts)
        launch.setInteger(2, partLength)
        launch.setNumber(0, scale)
        _ = Tensor.runWithoutScratch(&launch)
        withExtendedLifetime((self, output)) {}
    }
}
