import WeftRuntime

extension KernelFamily {
    fileprivate static let cumulativeSum = KernelFamily("cumulative_sum")
}

extension Tensor {
    /// At each place along `axis` the sum of the elements up to there, itself included; of the same shape. Float32
    /// and float64 are added up in double, 16-bit elements in float32; integers and truth values are summed as int64.
    public func cumulativeSum(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let site = CallSite(file, line)
        guard let axis = layout.checkedAxis(axis, operation: "cumulativeSum", at: site) else {
            return .failed(like: self)
        }
        let input = dtype == .bool ? converted(to: .int64, at: site) : self
        return input.scanned(axis: axis, fromEnd: false, at: site)
    }

    /// The running sum along `axis`, from its end if `fromEnd`, recorded: either is the derivative of the other.
    private func scanned(axis: Int, fromEnd: Bool, at site: CallSite? = nil) -> Tensor {
        if isFailed { return self }
        guard let handle = KernelFamily.cumulativeSum[dtype] else {
            return .refuseDType(.cumulativeSum, self, at: site)
        }
        let result = Tensor.uninitialized(like: layout, dtype: dtype, operation: "cumulative_sum", at: site)
        guard !result.isFailed else { return result }
        if count > 0 { launchScan(handle, into: result, axis: axis, fromEnd: fromEnd) }
        var attributes = OperationAttributes()
        attributes.axis = axis
        attributes.start = fromEnd ? 1 : 0
        return .recorded("cumulative_sum", result, from: self, attributes: attributes) { gradient, step in
            step.give(0, gradient.scanned(axis: step.attributes.axis, fromEnd: step.attributes.start == 0))
        }
    }

    private func launchScan(_ handle: KernelHandle, into result: Tensor, axis: Int, fromEnd: Bool) {
        var space = IterationSpace<2>()
        let layouts: InlineArray<2, Layout> = [result.layout, layout]
        for outer in 0..<rank where outer != axis {
            space.append(size: layout.sizes[outer]) { layouts[$0].strides[outer] }
        }
        let outerRank = space.startGroup()
        let length = rank == 0 ? 1 : layout.sizes[axis]
        // A scan from the end begins at the last element and walks backwards.
        let direction = fromEnd ? -1 : 1
        space.append(size: length) { layouts[$0].strides[axis] * direction }
        if space.rank == outerRank { space.appendUnit() }
        var launch = Launch(
            handle,
            shape: space.sizes,
            rank: space.rank,
            items: count / length,
            nanosecondsPerItem: Double(length)
        )
        // As many scans as the kernel does side by side.
        launch.chunkMultiple = 64
        for (operand, tensor) in [result, self].enumerated() {
            let last = fromEnd && rank > 0 ? (length - 1) * layouts[operand].strides[axis] * dtype.size : 0
            launch.append(tensor.isFailed ? nil : tensor.start + last, strides: space.strides[operand])
        }
        Tensor.runWithoutScratch(&launch)
        withExtendedLifetime((self, result)) {}
    }
}
