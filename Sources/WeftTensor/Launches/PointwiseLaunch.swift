import WeftRuntime

/// What an element of a pointwise launch costs, roughly, in nanoseconds on one thread.
enum PointwiseCost {
    /// Reading, writing and little else.
    static let arithmetic = 0.25
    /// A polynomial's worth of arithmetic.
    static let transcendental = 0.7
}

/// Launching the kernels whose items are elements: promotion, broadcasting, output, and the walk over
/// operands with any strides.
extension Tensor {
    /// The result of a pointwise kernel with one input.
    static func unary(
        _ family: KernelFamily,
        _ a: Tensor,
        resultDType: DType? = nil,
        cost: Double = PointwiseCost.arithmetic,
        at site: CallSite?
    ) -> Tensor {
        if a.isFailed { return Tensor(standIn: a.layout, dtype: resultDType ?? a.dtype) }
        guard let handle = family[a.dtype] else {
            guard a.dtype.isNarrowInteger, family[.int64] != nil else {
                return refuseDType(family, a, resultDType, at: site)
            }
            let wide = unary(family, a.converted(to: .int64, at: site), resultDType: resultDType, cost: cost, at: site)
            return wide.converted(to: resultDType ?? a.dtype, at: site)
        }
        let output = uninitialized(like: a, dtype: resultDType ?? a.dtype, operation: family.name, at: site)
        if !output.isFailed { launchPointwise(handle, into: output, a, nil, nil, cost: cost) }
        return output
    }

    /// The result of a pointwise kernel with two inputs, which are promoted to one dtype and broadcast.
    static func binary(
        _ family: KernelFamily,
        _ a: Tensor,
        _ b: Tensor,
        resultDType: DType? = nil,
        cost: Double = PointwiseCost.arithmetic,
        at site: CallSite?
    ) -> Tensor {
        if a.isFailed || b.isFailed {
            let dtype = resultDType ?? DType.promoted(a.dtype, b.dtype)
            return Tensor(standIn: .nearestBroadcast(a.layout, b.layout), dtype: dtype)
        }
        if a.dtype != b.dtype {
            let dtype = DType.promoted(a.dtype, b.dtype)
            return binary(
                family,
                a.converted(to: dtype, at: site),
                b.converted(to: dtype, at: site),
                resultDType: resultDType,
                cost: cost,
                at: site
            )
        }
        guard let handle = family[a.dtype] else {
            if a.dtype.isNarrowInteger, family[.int64] != nil {
                let (x, y) = (a.converted(to: .int64, at: site), b.converted(to: .int64, at: site))
                let wide = binary(family, x, y, resultDType: resultDType, cost: cost, at: site)
                return wide.converted(to: resultDType ?? a.dtype, at: site)
            }
            let stretched = Tensor(standIn: .nearestBroadcast(a.layout, b.layout), dtype: a.dtype)
            return refuseDType(family, stretched, resultDType, at: site)
        }
        let output: Tensor
        if a.hasSameShape(as: b) || (b.count == 1 && b.rank <= a.rank) {
            output = uninitialized(like: a, dtype: resultDType ?? a.dtype, operation: family.name, at: site)
        } else if let layout = Layout.broadcast(a.layout, b.layout) {
            output = uninitialized(
                like: layout,
                sharedFormat(layout, a, b),
                dtype: resultDType ?? a.dtype,
                operation: family.name,
                at: site
            )
        } else {
            refuse(family.name, Call.mismatch([a, b]), at: site)
            return Tensor(standIn: .nearestBroadcast(a.layout, b.layout), dtype: resultDType ?? a.dtype)
        }
        if !output.isFailed { launchPointwise(handle, into: output, a, b, nil, cost: cost) }
        return output
    }

    /// The result of a pointwise kernel with three inputs, which broadcast to `layout`.
    ///
    /// - Parameters:
    ///   - handle: takes the inputs' dtypes as they are.
    ///   - dtype: that of the result.
    static func ternary(
        _ handle: KernelHandle,
        _ a: Tensor,
        _ b: Tensor,
        _ c: Tensor,
        layout: Layout,
        dtype: DType,
        _ call: Call
    ) -> Tensor {
        if a.isFailed || b.isFailed || c.isFailed { return Tensor(standIn: layout, dtype: dtype) }
        let output = uninitialized(
            like: layout,
            sharedFormat(layout, a, b, c),
            dtype: dtype,
            operation: call.operation,
            at: call.site
        )
        if !output.isFailed { launchPointwise(handle, into: output, a, b, c, cost: PointwiseCost.arithmetic) }
        return output
    }

    /// The order in which a result of `layout` lies: that of the inputs with its sizes, if they agree, otherwise
    /// row-major.
    @inline(__always)
    private static func sharedFormat(_ layout: Layout, _ a: Tensor, _ b: Tensor, _ c: Tensor? = nil) -> MemoryFormat {
        if a.isContiguous, b.isContiguous, c?.isContiguous ?? true { return .rowMajor }
        return sharedFormatOfAny(layout, [a, b, c ?? a])
    }

    @inline(never)
    private static func sharedFormatOfAny(_ layout: Layout, _ inputs: InlineArray<3, Tensor>) -> MemoryFormat {
        var isChannelsLast = false
        for place in inputs.indices where inputs[place].layout.hasSameShape(as: layout) {
            guard inputs[place].format == .channelsLast else { return .rowMajor }
            isChannelsLast = true
        }
        return isChannelsLast ? .channelsLast : .rowMajor
    }

    /// Overwrites `self` with the result of a pointwise kernel on `a` and `b`, which broadcast to its shape and
    /// have its dtype. An input that is `self` is read before it is written.
    mutating func assign(_ handle: KernelHandle, _ a: Tensor, _ b: Tensor?) {
        Tensor.launchPointwise(handle, into: self, a, b, nil, cost: PointwiseCost.arithmetic)
    }

    /// This tensor's kernel of `family`; nil, after refusing, if there is none for its dtype.
    func kernel(of family: KernelFamily, at site: CallSite?) -> KernelHandle? {
        if let handle = family[dtype] { return handle }
        _ = Tensor.refuseDType(family, self, at: site)
        return nil
    }

    static func refuseDType(
        _ family: KernelFamily,
        _ a: Tensor,
        _ resultDType: DType? = nil,
        at site: CallSite?
    ) -> Tensor {
        refuse(family.name, "dtype \(a.dtype) is not among those it takes: \(family.acceptedDTypes)", at: site)
        return Tensor(standIn: a.layout, dtype: resultDType ?? a.dtype)
    }

    /// Runs a pointwise kernel that reads neither attributes nor scratch memory, and so cannot fail.
    static func launchPointwise(
        _ handle: KernelHandle,
        into output: Tensor,
        _ a: Tensor,
        _ b: Tensor?,
        _ c: Tensor?,
        cost: Double
    ) {
        guard !output.isFailed, output.isContiguous, a.isFlat(in: output), b?.isFlat(in: output) ?? true,
            c?.isFlat(in: output) ?? true
        else {
            launchStrided(handle, into: output, a, b, c, cost: cost)
            return
        }
        Scheduler.runFlat(
            handle,
            elements: output.count,
            nanosecondsPerItem: cost,
            byteCount: byteCount(output, a, b, c),
            into: output.start,
            a.flatInput,
            b?.flatInput,
            c?.flatInput
        )
        // One by one: a tuple of them would count references.
        withExtendedLifetime(output) {}
        withExtendedLifetime(a) {}
        withExtendedLifetime(b) {}
        withExtendedLifetime(c) {}
    }

    /// As `launchPointwise`, of operands with any strides. Out of line, so that flat ones do not pay for its frame.
    @inline(never)
    private static func launchStrided(
        _ handle: KernelHandle,
        into output: Tensor,
        _ a: Tensor,
        _ b: Tensor?,
        _ c: Tensor?,
        cost: Double
    ) {
        // Extra operands repeat the first input: they cost nothing and never keep dimensions apart.
        let operands: InlineArray<4, Tensor> = [output, a, b ?? a, c ?? a]
        var space = IterationSpace<4>()
        let rank = output.rank
        // In the order in which the output lies.
        let format = output.format ?? .rowMajor
        for place in 0..<rank {
            let axis = format.axis(at: place, of: rank)
            space.append(size: output.extent(axis)) { operands[$0].stride(ofBroadcast: axis, rank: rank) }
        }
        var launch = Launch(
            handle,
            shape: space.sizes,
            rank: space.rank,
            items: output.count,
            nanosecondsPerItem: cost * 2
        )
        launch.append(output, strides: space.strides[0])
        launch.append(a, strides: space.strides[1])
        if let b { launch.append(b, strides: space.strides[2]) }
        if let c { launch.append(c, strides: space.strides[3]) }
        let byteCount = byteCount(output, a, b, c)
        if b == nil, let chunk = transpositionChunk(of: space) {
            launch.chunkMultiple = chunk
            launch.streamScattered(byteCount: byteCount)
        } else {
            launch.chunkMultiple = 64
            launch.streamBeyondCaches(byteCount: byteCount)
        }
        defer { withExtendedLifetime((output, a, b, c)) {} }
        runWithoutScratch(&launch)
    }

    /// Bytes that a launch reads and writes.
    private static func byteCount(_ output: Tensor, _ a: Tensor, _ b: Tensor?, _ c: Tensor?) -> Int {
        func bytes(_ tensor: Tensor?) -> Int { tensor.map { $0.count &* $0.dtype.size } ?? 0 }
        return bytes(output) &+ bytes(a) &+ bytes(b) &+ bytes(c)
    }

    /// Whole rows of the output whose elements are columns of the first input, enough of them that a chunk reads
    /// more than a cache line of each column; nil unless rows become columns.
    private static func transpositionChunk(of space: IterationSpace<4>) -> Int? {
        let last = space.rank - 1
        guard last >= 1, space.strides[0][last] == 1, space.strides[1][last - 1] == 1, space.strides[1][last] > 1 else {
            return nil
        }
        let rows = (0..<last).reduce(1) { $0 * space.sizes[$1] }
        return space.sizes[last] * (rows >= 256 ? 64 : 16)
    }

    /// Runs `launch`; false, after refusing, if there is no memory for its scratch.
    static func run(_ launch: inout Launch, operation: StaticString, at site: CallSite?) -> Bool {
        do throws(OutOfMemory) {
            try Scheduler.run(&launch)
            return true
        } catch {
            refuse(operation, "\(error)", at: site)
            return false
        }
    }

    /// Runs a launch that needs no scratch memory, and so cannot fail.
    static func runWithoutScratch(_ launch: inout Launch) {
        precondition(launch.scratchByteCount == 0)
        try! Scheduler.run(&launch)
    }

    /// Whether there are elements, which can be walked beside a contiguous `output` with one stride.
    @inline(__always)
    private func isFlat(in output: Tensor) -> Bool {
        !isFailed && (count == 1 || (isContiguous && hasSameShape(as: output)))
    }

    /// This tensor, which `isFlat`, as an input. The input does not keep it alive: whoever runs the kernel does.
    @inline(__always)
    private var flatInput: FlatInput { (start, count == 1 ? 0 : 1) }

    /// The step along dimension `axis` of a tensor with `rank` dimensions to which this one broadcasts.
    @inline(__always)
    private func stride(ofBroadcast axis: Int, rank: Int) -> Int {
        let own = axis &- rank &+ self.rank
        return own < 0 || extent(own) == 1 ? 0 : stride(own)
    }
}
