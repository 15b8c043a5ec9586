import WeftRuntime

extension KernelFamily {
    fileprivate static let attention = KernelFamily("attention")
    fileprivate static let attentionBackward = KernelFamily("attention_backward")
}

/// softmax(scale · Q Kᵀ + mask) V: for each query a mean of the values, weighted by how its keys agree with it (Vaswani et
/// al., "Attention is all you need", 2017). Computed in one pass over tiles, without the weights of all pairs in memory.
///
/// ```swift
/// let output = scaledDotProductAttention(queries, keys, values, isCausal: true)
/// ```
///
/// - Parameters:
///   - query: of shape […, heads, L, E], or without heads.
///   - key: of shape […, heads, S, E]; dimensions before the last two broadcast.
///   - value: of shape […, heads, S, F].
///   - mask: broadcasts to […, heads, L, S]. Truth values say which keys a query sees; numbers are added to the scores.
///   - dropout: the probability with which each weight is set to 0, and the others scaled so that the mean stays.
///     It holds whatever the mode: pass 0 in evaluation.
///   - isCausal: whether query i sees keys 0 … i alone. A mask holds besides.
///   - scale: by default 1 / √E.
///   - enableGQA: whether a head of keys and values may serve several neighbouring heads of queries, whose number is a
///     multiple of theirs (Ainslie et al., "GQA", 2023).
/// - Returns: of shape […, heads, L, F]. A query that sees no key gives zeros, and zero gradients.
///
/// Integers are computed as float32; float16 and bfloat16 with float32 in between. Refused where shapes or dtypes do not
/// match.
public func scaledDotProductAttention(
    _ query: Tensor,
    _ key: Tensor,
    _ value: Tensor,
    mask: Tensor? = nil,
    dropout: Double = 0,
    isCausal: Bool = false,
    scale: Double? = nil,
    enableGQA: Bool = false,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    let call = Call("scaledDotProductAttention", file, line)
    let (query, key, value) = (
        query.floatingPoint(at: call.site), key.floatingPoint(at: call.site), value.floatingPoint(at: call.site)
    )
    return call.checked(standIn: standIn(query, key, value), query.dtype) { call throws(Refusal) in
        let attention = Attention(
            scale: scale ?? 1 / Double(Swift.max(query.extent(Swift.max(query.rank - 1, 0)), 1)).squareRoot(),
            isCausal: isCausal,
            dropout: dropout,
            draw: dropout > 0 ? RandomGenerator.current.draw() : RandomGenerator.State(seed: 0),
            sizes: try attentionSizes(query, key, value, mask, sharesKeys: enableGQA, call)
        )
        try call.require((0...1).contains(dropout), "the dropout probability is \(dropout); it must be from 0 to 1")
        // Rounded once, and gradients that meet are added as float32.
        let dtype: DType = query.dtype == .float64 ? .float64 : .float32
        let operands = [query, key, value].map { $0.recastFloatingPoint(dtype, at: call.site) }
        let added = mask.map { $0.dtype == .bool ? $0 : $0.recastFloatingPoint(dtype, at: call.site) }
        return attend(attention, operands[0], operands[1], operands[2], added, call)
            .recastFloatingPoint(query.dtype, at: call.site)
    }
}

/// The weights of `scaledDotProductAttention`, of all pairs and before any is dropped, for operands that fit each other:
/// […, heads, L, S], of the dtype of `query`.
package func attentionWeights(
    _ query: Tensor,
    _ key: Tensor,
    mask: Tensor?,
    isCausal: Bool,
    at site: CallSite
) -> Tensor {
    let call = Call("scaledDotProductAttention", at: site)
    let (rows, keys) = (query.extent(query.rank - 2), key.extent(key.rank - 2))
    let shape = Layout(nearest: query.shape.dropLast(2) + [rows, keys])
    return call.checked(standIn: shape, query.dtype) { call throws(Refusal) in
        let dtype: DType = query.dtype == .float64 ? .float64 : .float32
        let attention = Attention(
            scale: 1 / Double(Swift.max(query.extent(query.rank - 1), 1)).squareRoot(),
            isCausal: isCausal,
            dropout: 0,
            draw: RandomGenerator.State(seed: 0),
            sizes: try attentionSizes(query, key, key, mask, sharesKeys: false, call)
        )
        let added = mask.map { $0.dtype == .bool ? $0 : $0.recastFloatingPoint(dtype, at: site) }
        return attention.weights(
            query.recastFloatingPoint(dtype, at: site),
            key.recastFloatingPoint(dtype, at: site),
            added
        ).recastFloatingPoint(query.dtype, at: site)
    }
}

/// Attention over operands of one dtype, recorded.
private func attend(
    _ attention: Attention,
    _ query: Tensor,
    _ key: Tensor,
    _ value: Tensor,
    _ mask: Tensor?,
    _ call: Call
) -> Tensor {
    guard let handle = KernelFamily.attention[query.dtype],
        let derivative = KernelFamily.attentionBackward[query.dtype]
    else { preconditionFailure("there is no attention kernel for \(query.dtype)") }
    let (result, logSums) = attention.forward(handle, query, key, value, mask, call)
    let inputs = [query, key, value] + [mask].compactMap(\.self)
    let operation = RecordedOperation(handle, derivative: derivative)
    return .recorded(operation, result, from: inputs, saving: [result, logSums]) { gradient, step in
        let mask = inputs.count > 3 ? step[3] : nil
        if GradientMode.isEnabled || mask?.tracking.isTracked == true {
            return attention.giveComposed(gradient, step, mask)
        }
        guard let handle = step.derivative else { return }
        let gradients = attention.backward(
            handle,
            gradient,
            step[0],
            step[1],
            step[2],
            mask,
            result: step[inputs.count],
            logSums: step[inputs.count + 1]
        )
        if let query = gradients.query { step.give(0, query) }
        if let key = gradients.key { step.give(1, key) }
        if let value = gradients.value { step.give(2, value) }
    }
}

/// The sizes of an attention; refuses what does not fit.
private func attentionSizes(
    _ query: Tensor,
    _ key: Tensor,
    _ value: Tensor,
    _ mask: Tensor?,
    sharesKeys: Bool,
    _ call: Call
) throws(Refusal) -> Attention.Sizes {
    let shapes = (query: query.shape, key: key.shape, value: value.shape)
    let named = "queries of shape \(shapes.query), keys of shape \(shapes.key) and values of shape \(shapes.value)"
    try call.require(
        query.dtype == key.dtype && query.dtype == value.dtype,
        "the dtypes of queries, keys and values differ: \(query.dtype), \(key.dtype) and \(value.dtype)"
    )
    let ranks = [shapes.query.count, shapes.key.count, shapes.value.count]
    try call.require(ranks.min()! >= 2, "\(named): each needs two dimensions at least, rows and features")
    try call.require(
        shapes.query.last == shapes.key.last,
        "\(named): queries and keys must have as many features"
    )
    try call.require(
        shapes.key[ranks[1] - 2] == shapes.value[ranks[2] - 2],
        "\(named): there must be as many keys as values"
    )
    var sizes = Attention.Sizes()
    sizes.queries = shapes.query[ranks[0] - 2]
    sizes.keys = shapes.key[ranks[1] - 2]
    sizes.features = shapes.query[ranks[0] - 1]
    sizes.valueFeatures = shapes.value[ranks[2] - 1]
    sizes.hasHeads = ranks.max()! > 2
    let (q, k, v) = (
        Layout(rowMajor: shapes.query.dropLast(2)), Layout(rowMajor: shapes.key.dropLast(2)),
        Layout(rowMajor: shapes.value.dropLast(2))
    )
    if sharesKeys {
        try call.require(ranks.min()! >= 3, "\(named): to share keys, each needs a dimension of heads")
        let heads = (q.shape.last!, k.shape.last!, v.shape.last!)
        try call.require(
            heads.1 == heads.2 && (heads.1 == 0 ? heads.0 == 0 : heads.0 % heads.1 == 0),
            "\(named): \(heads.0) heads of queries are no multiple of \(heads.1) heads of keys and \(heads.2) of values"
        )
        (sizes.heads, sizes.keyHeads) = (heads.0, heads.1)
    }
    let dropped = sharesKeys ? 1 : 0
    func outer(_ layout: Layout) -> Layout { Layout(rowMajor: layout.shape.dropLast(dropped)) }
    guard let leading = Layout.broadcast(outer(q), outer(k), outer(v)) else {
        throw call.refusal("\(named): the dimensions before the last two do not match")
    }
    if sharesKeys {
        sizes.batches = leading.shape
    } else if sizes.hasHeads {
        sizes.batches = leading.shape.dropLast()
        sizes.heads = leading.shape.last!
        sizes.keyHeads = sizes.heads
    }
    if let mask, !mask.isFailed {
        try call.require(
            mask.dtype == .bool || mask.dtype.isFloatingPoint,
            "a mask is bool, or numbers that are added to the scores; this one is \(mask.dtype)"
        )
        try call.require(
            mask.layout.expanded(to: Layout(rowMajor: sizes.pairs)) != nil,
            "a mask of shape \(mask.shape) does not broadcast to the scores' shape \(sizes.pairs)"
        )
    }
    return sizes
}

/// The shape of the right call, as far as it can be told.
private func standIn(_ query: Tensor, _ key: Tensor, _ value: Tensor) -> Layout {
    let rank = Swift.max(query.rank, 2)
    let leading = Layout.nearestBroadcast(
        Layout(nearest: query.shape.dropLast(2)),
        Layout(nearest: value.rank == rank ? [] : value.shape.dropLast(2))
    )
    let rows = query.rank > 1 ? query.extent(query.rank - 2) : 1
    return Layout(nearest: leading.shape + [rows, value.rank > 0 ? value.extent(value.rank - 1) : 1])
}
