import WeftRuntime

/// One attention: what it is asked for, and the sizes of its operands, which fit each other.
struct Attention: Sendable {
    let scale: Double
    let isCausal: Bool
    /// The probability with which a weight is dropped, and where its random numbers come from.
    let dropout: Double
    let draw: RandomGenerator.State
    let sizes: Sizes

    /// What the operands have together. Dimensions before the heads are batches, which broadcast.
    struct Sizes: Sendable {
        var batches: [Int] = []
        /// 1 where there is no such dimension.
        var heads = 1
        /// Heads of keys and of values, each of which serves neighbouring heads of queries.
        var keyHeads = 1
        var hasHeads = false
        var queries = 0
        var keys = 0
        var features = 0
        var valueFeatures = 0

        var batchCount: Int { batches.reduce(1, *) }
        var pairs: [Int] { leading(heads) + [queries, keys] }

        func shape(_ heads: Int, _ rows: Int, _ features: Int) -> [Int] { leading(heads) + [rows, features] }

        private func leading(_ heads: Int) -> [Int] { hasHeads ? batches + [heads] : batches }
    }

    // MARK: Operands as the kernels take them

    /// A tensor as [batch, heads, rows, features], with 0 for the strides of what is broadcast, and whose vectors have no
    /// gaps if those are wanted: seen so, or else copied.
    func laidOut(_ tensor: Tensor, heads: Int, rows: Int, features: Int, inVectors: Bool) -> Tensor {
        if tensor.isFailed { return tensor }
        let whole = Layout(rowMajor: sizes.shape(heads, rows, features))
        let target = Layout(rowMajor: [sizes.batchCount, heads, rows, features])
        guard let expanded = tensor.layout.expanded(to: whole) else {
            preconditionFailure("an operand of attention was not checked")
        }
        if let seen = expanded.viewed(as: target), !inVectors || features <= 1 || seen.strides[3] == 1 {
            return tensor.view(seen)
        }
        return Tensor.copy(of: tensor.view(expanded), at: nil).view(target)
    }

    /// Room for [batches, heads, rows, features], whose dimensions lie in memory in the order of those of `model`: what
    /// was split into heads and turned comes out so that it is joined again without a copy.
    func room(_ heads: Int, _ rows: Int, _ features: Int, like model: Tensor, _ call: Call) -> Tensor {
        let layout = Layout(rowMajor: sizes.shape(heads, rows, features))
        let last = layout.rank - 1
        guard model.rank == layout.rank, last > 1, !model.isContiguous, !model.isFailed else {
            return .uninitialized(like: layout, dtype: model.dtype, call)
        }
        // Insertion keeps the order of what has equal strides.
        var order: [Int] = []
        for axis in 0..<last {
            let place = order.firstIndex { model.stride($0) < model.stride(axis) } ?? order.count
            order.insert(axis, at: place)
        }
        order.append(last)
        let memory = Tensor.uninitialized(
            like: Layout(rowMajor: order.map { layout.sizes[$0] }),
            dtype: model.dtype,
            call
        )
        if memory.isFailed { return Tensor(standIn: layout, dtype: model.dtype) }
        var turned = layout
        for (place, axis) in order.enumerated() {
            turned.setDimension(axis, size: layout.sizes[axis], stride: memory.stride(place))
        }
        return memory.view(turned)
    }

    // MARK: Launches

    /// A rough cost of a multiply-add, and of an exponential, in nanoseconds on one thread.
    private static let nanosecondsPerMultiplyAdd = 0.03
    private static let nanosecondsPerExponential = 0.5

    private func launch(_ handle: KernelHandle, _ dtype: DType, items: Int, products: Double, mask: Tensor?) -> Launch {
        let share = isCausal && sizes.keys > 1 ? 0.5 : 1
        let pairs = Double(sizes.batchCount * sizes.heads) * Double(sizes.queries) * Double(sizes.keys) * share
        let width = Double(sizes.features + sizes.valueFeatures)
        let pairCost = products * width * Self.nanosecondsPerMultiplyAdd + Self.nanosecondsPerExponential
        var launch = Launch(
            handle,
            shape: [
                sizes.batchCount, sizes.heads, sizes.queries, sizes.keys, sizes.features + sizes.valueFeatures, 1, 1, 1,
            ],
            rank: 5,
            items: items,
            nanosecondsPerItem: 100 + pairs * pairCost / Double(Swift.max(items, 1))
        )
        launch.scratchByteCount = AttentionPlan.scratchByteCount(
            dtype,
            features: sizes.features,
            valueFeatures: sizes.valueFeatures
        )
        launch.setInteger(0, sizes.keyHeads)
        launch.setInteger(1, sizes.features)
        launch.setInteger(2, AttentionPlan.visibility(mask: mask?.dtype, isCausal: isCausal))
        launch.setInteger(3, Int(bitPattern: UInt(draw.seed)))
        launch.setInteger(4, Int(bitPattern: UInt(draw.drawCount)))
        launch.setNumber(0, scale)
        launch.setNumber(1, 1 - dropout)
        return launch
    }

    /// Strides of vectors that lie along the queries.
    private static func ofQueries(_ tensor: Tensor) -> Extents {
        [tensor.stride(0), tensor.stride(1), tensor.stride(2), 0, 1, 0, 0, 0]
    }

    /// Strides of vectors that lie along the keys.
    private static func ofKeys(_ tensor: Tensor) -> Extents {
        [tensor.stride(0), tensor.stride(1), 0, tensor.stride(2), 1, 0, 0, 0]
    }

    private static func ofPairs(_ mask: Tensor?) -> Extents {
        guard let mask else { return Extents(repeating: 0) }
        return [mask.stride(0), mask.stride(1), mask.stride(2), mask.stride(3), 0, 0, 0, 0]
    }

    /// The result, and for each query the logarithm of its sum of exponentials.
    func forward(
        _ handle: KernelHandle,
        _ query: Tensor,
        _ key: Tensor,
        _ value: Tensor,
        _ mask: Tensor?,
        _ call: Call
    ) -> (result: Tensor, logSums: Tensor) {
        let dtype = query.dtype
        let q = laidOut(query, heads: sizes.heads, rows: sizes.queries, features: sizes.features, inVectors: true)
        let (k, v) = keysAndValues(key, value)
        let visible = mask.map(pairs)
        let result = room(sizes.heads, sizes.queries, sizes.valueFeatures, like: query, call)
        let logSums = Tensor.uninitialized(
            like: Layout(rowMajor: [sizes.batchCount, sizes.heads, sizes.queries]),
            dtype: dtype,
            call
        )
        if [q, k, v, result, logSums].contains(where: \.isFailed) || visible?.isFailed == true {
            return (.failed(like: result), logSums)
        }
        let out = laidOut(
            result,
            heads: sizes.heads,
            rows: sizes.queries,
            features: sizes.valueFeatures,
            inVectors: true
        )
        let tile = AttentionPlan.queries(dtype)
        let items = sizes.batchCount * sizes.heads * ((sizes.queries + tile - 1) / tile)
        var launch = launch(handle, dtype, items: items, products: 1, mask: visible)
        launch.append(out, strides: Self.ofQueries(out))
        launch.append(logSums, strides: [logSums.stride(0), logSums.stride(1), logSums.stride(2), 0, 0, 0, 0, 0])
        launch.append(q, strides: Self.ofQueries(q))
        launch.append(k, strides: Self.ofKeys(k))
        launch.append(v, strides: Self.ofKeys(v))
        launch.append(visible?.start, strides: Self.ofPairs(visible))
        let hasRun = Tensor.run(&launch, operation: call.operation, at: call.site)
        withExtendedLifetime((q, k, v, visible, result, out, logSums)) {}
        return (hasRun ? result : .failed(like: result), logSums)
    }

    private func keysAndValues(_ key: Tensor, _ value: Tensor) -> (Tensor, Tensor) {
        (
            laidOut(key, heads: sizes.keyHeads, rows: sizes.keys, features: sizes.features, inVectors: true),
            laidOut(value, heads: sizes.keyHeads, rows: sizes.keys, features: sizes.valueFeatures, inVectors: true)
        )
    }

    private func pairs(_ mask: Tensor) -> Tensor {
        laidOut(mask, heads: sizes.heads, rows: sizes.queries, features: sizes.keys, inVectors: false)
    }

    /// Items that the backward pass is cut into where heads and batches are fewer, and the keys that each has at least.
    private static let enoughItems = 16
    private static let leastKeys = 256

    /// The keys of a part. Depends on sizes alone.
    private var partKeys: Int {
        let wanted = Self.enoughItems / Swift.max(sizes.batchCount * sizes.keyHeads, 1)
        let parts = Swift.max(1, Swift.min(wanted, sizes.keys / Self.leastKeys))
        let tiles = (sizes.keys + AttentionPlan.keys - 1) / AttentionPlan.keys
        return Swift.max(1, (tiles + parts - 1) / parts) * AttentionPlan.keys
    }

    /// What the backward kernel gives: the gradients of queries, keys and values, nil for those that are not wanted.
    typealias Gradients = (query: Tensor?, key: Tensor?, value: Tensor?)

    /// The gradients, in the shapes that the operands broadcast to, for the gradient of the result.
    func backward(
        _ handle: KernelHandle,
        _ gradient: Tensor,
        _ query: Tensor,
        _ key: Tensor,
        _ value: Tensor,
        _ mask: Tensor?,
        result: Tensor,
        logSums: Tensor
    ) -> Gradients {
        let (call, dtype) = (Call("attention_backward", at: nil), query.dtype)
        let q = laidOut(query, heads: sizes.heads, rows: sizes.queries, features: sizes.features, inVectors: true)
        let (k, v) = keysAndValues(key, value)
        let visible = mask.map(pairs)
        let ofResult = (heads: sizes.heads, rows: sizes.queries, features: sizes.valueFeatures)
        func seen(_ tensor: Tensor) -> Tensor {
            laidOut(tensor, heads: ofResult.heads, rows: ofResult.rows, features: ofResult.features, inVectors: true)
        }
        let (incoming, out) = (seen(gradient), seen(result))
        let parts = Swift.max(1, (sizes.keys + partKeys - 1) / partKeys)
        let ofQueries = [sizes.batchCount, sizes.heads, sizes.queries, sizes.features]
        let dq: Tensor? =
            !query.tracking.isTracked
            ? nil
            : parts == 1
                ? room(sizes.heads, sizes.queries, sizes.features, like: query, call)
                : Tensor.uninitialized(like: Layout(rowMajor: [parts] + ofQueries), dtype: dtype, call)
        let dk =
            key.tracking.isTracked ? room(sizes.keyHeads, sizes.keys, sizes.features, like: key, call) : nil
        let dv =
            value.tracking.isTracked ? room(sizes.keyHeads, sizes.keys, sizes.valueFeatures, like: value, call) : nil
        let all = [q, k, v, incoming, out] + [visible, dq, dk, dv].compactMap(\.self)
        if all.contains(where: \.isFailed) { return (nil, nil, nil) }

        let items = sizes.batchCount * sizes.keyHeads * parts
        var launch = launch(handle, dtype, items: items, products: 2.5, mask: visible)
        let dqSeen = dq.map { dq in
            parts > 1
                ? dq.view(Layout(rowMajor: [parts * sizes.batchCount] + ofQueries.dropFirst()))
                : laidOut(dq, heads: sizes.heads, rows: sizes.queries, features: sizes.features, inVectors: true)
        }
        var dqStrides = dqSeen.map(Self.ofQueries) ?? Extents(repeating: 0)
        dqStrides[5] = ofQueries.reduce(1, *)
        let dkSeen = dk.map {
            laidOut($0, heads: sizes.keyHeads, rows: sizes.keys, features: sizes.features, inVectors: true)
        }
        let dvSeen = dv.map {
            laidOut($0, heads: sizes.keyHeads, rows: sizes.keys, features: sizes.valueFeatures, inVectors: true)
        }
        launch.append(dqSeen?.start, strides: dqStrides)
        launch.append(dkSeen?.start, strides: dkSeen.map(Self.ofKeys) ?? Extents(repeating: 0))
        launch.append(dvSeen?.start, strides: dvSeen.map(Self.ofKeys) ?? Extents(repeating: 0))
        launch.append(q, strides: Self.ofQueries(q))
        launch.append(incoming, strides: Self.ofQueries(incoming))
        launch.setInteger(5, partKeys)
        let ofSums: Extents = [logSums.stride(0), logSums.stride(1), logSums.stride(2), 0, 0, 0, 0, 0]
        var inputs = AttentionInputs(
            keys: (k.start, Self.ofKeys(k)),
            values: (v.start, Self.ofKeys(v)),
            out: (out.start, Self.ofQueries(out)),
            logSums: (logSums.start, ofSums),
            mask: (visible?.start, Self.ofPairs(visible))
        )
        let hasRun = inputs.appended(to: &launch) { Tensor.run(&$0, operation: call.operation, at: nil) }
        withExtendedLifetime((all, logSums, dqSeen, dkSeen, dvSeen)) {}
        if !hasRun { return (nil, nil, nil) }
        let shape = Layout(rowMajor: sizes.shape(sizes.heads, sizes.queries, sizes.features))
        return (parts == 1 ? dq : dq?.sum(axes: [0]).reshaped(to: shape), dk, dv)
    }
}
