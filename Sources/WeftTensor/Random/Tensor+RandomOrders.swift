import WeftRuntime

extension KernelFamily {
    fileprivate static let permutation = KernelFamily("permutation")
}

extension Tensor {
    /// Integers of `range`, each as likely as any other; int64, of shape `shape`.
    ///
    /// Exactly so: Lemire, "Fast Random Integer Generation in an Interval" (2019). Refused if the range is empty.
    ///
    /// - Parameter generator: by default the current task's.
    public init(
        randomIntegers range: Range<Int>,
        shape: [Int],
        generator: RandomGenerator? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        let site = CallSite(file, line)
        guard let layout = Layout.checked(shape, operation: "randomIntegers", at: site) else {
            self = Tensor(standIn: Layout(), dtype: .int64)
            return
        }
        guard !range.isEmpty else {
            refuse("randomIntegers", "the range \(range) has no integers to choose from", at: site)
            self = Tensor(standIn: layout, dtype: .int64)
            return
        }
        self = .uninitialized(like: layout, dtype: .int64, operation: "randomIntegers", at: site)
        guard !isFailed, let handle = KernelFamily.randomIntegers[.int64] else { return }
        generate(handle, cost: PointwiseCost.transcendental * 2) { launch in
            launch.setDraw(from: generator ?? .current)
            launch.setInteger(2, range.lowerBound)
            // Bit for bit what an unsigned number is, which holds the width of any range.
            launch.setInteger(3, range.upperBound &- range.lowerBound)
        }
    }

    /// The int64 numbers from 0 up to, but not including, `count` in a random order, each order as likely as any other.
    ///
    /// The shuffle of Fisher and Yates, one step after the other on one thread: O(`count`). Refused if `count` is negative.
    ///
    /// - Parameter generator: by default the current task's.
    public init(
        permutation count: Int,
        generator: RandomGenerator? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        let site = CallSite(file, line)
        guard let layout = Layout.checked([count], operation: "permutation", at: site) else {
            self = Tensor(standIn: Layout(rowMajor: [0]), dtype: .int64)
            return
        }
        self = .uninitialized(like: layout, dtype: .int64, operation: "permutation", at: site)
        guard !isFailed, let handle = KernelFamily.permutation[.int64] else { return }
        generate(handle) { launch in
            launch.items = 1
            launch.chunkMultiple = 1
            launch.nanosecondsPerItem = Double(count) * PointwiseCost.transcendental * 4
            launch.setDraw(from: generator ?? .current)
        }
    }

    /// The slices along `axis` in a random order, each order as likely as any other; of the same shape. Gradients flow
    /// back to where the slices came from.
    ///
    /// To shuffle several tensors alike, index them with one `Tensor(permutation:)`.
    ///
    /// - Parameter generator: by default the current task's.
    public func shuffled(
        axis: Int = 0,
        using generator: RandomGenerator? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        Call("shuffled", file, line).checked(standIn: layout.rowMajor, dtype) { call throws(Refusal) in
            try call.require(rank > 0, "a scalar has no slices")
            let axis = try call.axis(axis, of: self)
            let order = Tensor(permutation: extent(axis), generator: generator, file: file, line: line)
            return selecting(order, axis: axis, at: call.site)
        }
    }
}
