import WeftRuntime

extension KernelFamily {
    static let cumulativeSum = KernelFamily("cumulative_sum")
}

extension Tensor {
    /// At each place along `axis` the sum of the elements up to there, itself included; of the same shape. Float32
    /// and float64 are added up in double, 16-bit elements in float32; integers and truth values are summed as int64.
    public func cumulativeSum(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let input = dtype.isNarrow ? converted(to: .int64, at: CallSite(file, line)) : self
        return Call("cumulativeSum", file, line).checked(standIn: layout, input.dtype) { call throws(Refusal) in
            let handle = try call.kernel(.cumulativeSum, for: input.dtype)
            return input.scanned(handle, axis: try call.axis(axis, of: self), at: call.site)
        }
    }

    /// The running sum along `axis`, from its end if `fromEnd`, recorded: either is the derivative of the other.
    func scanned(_ handle: KernelHandle, axis: Int, fromEnd: Bool = false, at site: CallSite? = nil) -> Tensor {
        let result = Tensor.uninitialized(like: layout, dtype: dtype, operation: "cumulativeSum", at: site)
        if count > 0 { launchScan(handle, into: result, axis: axis, fromEnd: fromEnd) }
        return .recorded(
            RecordedOperation(handle, derivative: handle),
            result,
            from: self,
            attributes: OperationAttributes(axis: axis, start: fromEnd ? 1 : 0)
        ) { gradient, step in
            let (axis, fromEnd) = (step.attributes.axis, step.attributes.start == 0)
            step.give(0, gradient.scanned(step.derivative!, axis: axis, fromEnd: fromEnd))
        }
    }

    /// Launches a kernel whose items are scans along `axis`, from its end if `fromEnd`.
    func launchScan(_ handle: KernelHandle, into result: Tensor, axis: Int, fromEnd: Bool) {
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
            launch.append(tensor, bytesAhead: last, strides: space.strides[operand])
        }
        Tensor.runWithoutScratch(&launch)
        withExtendedLifetime((self, result)) {}
    }
}
