import WeftRuntime

extension KernelFamily {
    private static let argsort = KernelFamily("argsort")
    private static let argtop = KernelFamily("argtop")

    fileprivate static func order(isWhole: Bool) -> KernelFamily { isWhole ? argsort : argtop }
}

extension Tensor {
    /// The places of this tensor's elements along `axis` in their order, int64; equal elements keep theirs, and NaN
    /// counts as greater than all numbers.
    ///
    /// - Parameter first: how many of the places are wanted, at least one of those there are; all if nil.
    func places(
        inOrderAlong axis: Int,
        descending: Bool,
        first: Int? = nil,
        _ call: Call
    ) throws(Refusal) -> Tensor {
        let length = rank == 0 ? 1 : extent(axis)
        var input = detached()
        if dtype == .bool { input = converted(to: .int64, at: call.site) }
        // Kernels count places of float32 in 32 bits.
        if dtype.isHalf { input = converted(to: .float32, at: call.site) }
        if input.dtype == .float32, length > Int32.max { input = input.converted(to: .float64, at: call.site) }
        let handle = try call.kernel(.order(isWhole: first == nil), for: input.dtype)
        var target = layout
        if let first, rank > 0 { target.setDimension(axis, size: first, stride: 0) }
        let result = Tensor.uninitialized(like: target, dtype: .int64, call)
        guard !result.isFailed, !isFailed else { return .failed(like: result) }
        guard result.count > 0 else { return result }
        var space = IterationSpace<2>()
        let layouts: InlineArray<2, Layout> = [result.layout, input.layout]
        for outer in 0..<rank where outer != axis {
            space.append(size: layout.sizes[outer]) { layouts[$0].strides[outer] }
        }
        let outerRank = space.startGroup()
        if rank > 0 { space.append(size: length) { layouts[$0].strides[axis] } }
        if space.rank == outerRank { space.appendUnit() }
        var launch = Launch(
            handle,
            shape: space.sizes,
            rank: space.rank,
            items: count / length,
            nanosecondsPerItem: Double(length) * (first == nil ? 8 : 2)
        )
        // An entry is a key and a place.
        launch.scratchByteCount = (first ?? 2 * length) * (input.dtype == .float32 ? 8 : 16)
        launch.setInteger(0, descending ? 1 : 0)
        launch.setInteger(1, first ?? length)
        launch.append(result, strides: space.strides[0])
        launch.append(input, strides: space.strides[1])
        guard Tensor.run(&launch, operation: call.operation, at: call.site) else { throw Refusal() }
        withExtendedLifetime((input, result)) {}
        return result
    }
}

extension Call {
    /// What `body` returns, or, if it refused something, tensors that stand for elements and their places.
    func checkedPair(
        standIn layout: @autoclosure () -> Layout,
        _ dtype: DType,
        _ body: (Call) throws(Refusal) -> (values: Tensor, indices: Tensor)
    ) -> (values: Tensor, indices: Tensor) {
        do throws(Refusal) { return try body(self) } catch {
            let layout = layout()
            return (Tensor(standIn: layout, dtype: dtype), Tensor(standIn: layout, dtype: .int64))
        }
    }
}
