import WeftRuntime

extension KernelFamily {
    fileprivate static let cumulativeArgmax = KernelFamily("cumulative_argmax")
    fileprivate static let cumulativeArgmin = KernelFamily("cumulative_argmin")
}

extension Tensor {
    /// At each place along `axis` the largest of the elements up to there, itself included, and where it is, int64: the
    /// last of equals. From the first NaN on it is NaN. Gradients flow back to where the elements are.
    public func cumulativeMax(
        axis: Int,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> (values: Tensor, indices: Tensor) {
        cumulativeExtrema(.cumulativeArgmax, axis, Call("cumulativeMax", file, line))
    }

    /// At each place along `axis` the smallest of the elements up to there, itself included, and where it is, int64:
    /// the last of equals. From the first NaN on it is NaN. Gradients flow back to where the elements are.
    public func cumulativeMin(
        axis: Int,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> (values: Tensor, indices: Tensor) {
        cumulativeExtrema(.cumulativeArgmin, axis, Call("cumulativeMin", file, line))
    }

    private func cumulativeExtrema(
        _ family: KernelFamily,
        _ axis: Int,
        _ call: Call
    ) -> (values: Tensor, indices: Tensor) {
        call.checkedPair(standIn: layout.rowMajor, dtype) { call throws(Refusal) in
            let axis = try call.axis(axis, of: self)
            let computed = dtype.isNarrow ? .int64 : sumDType
            let input = detached().converted(to: computed, at: call.site)
            let handle = try call.kernel(family, for: computed)
            let indices = Tensor.uninitialized(like: layout, dtype: .int64, call)
            if count > 0 { input.launchScan(handle, into: indices, axis: axis, fromEnd: false) }
            return (gathered(axis: axis, indices, at: call.site), indices)
        }
    }
}
