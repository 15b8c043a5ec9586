public import WeftTensor

/// Attention by several heads at once: queries, keys and values are mapped to a piece for each head, and what the heads
/// attend to is mapped to one output (Vaswani et al., "Attention is all you need", 2017).
///
/// Takes queries of shape `[L, N, embedDim]` and keys and values of shape `[S, N, …]`, or with the batch first as
/// `[N, L, embedDim]` where ``batchFirst``, or without a batch as `[L, embedDim]`, and gives the shape of the queries.
///
/// ```swift
/// let attention = MultiheadAttention(64, 4, batchFirst: true)
/// let output = attention(x, x, x, isCausal: true)
/// ```
///
/// As in PyTorch, and unlike in `scaledDotProductAttention`, a truth value in a mask says what is *not* seen: true hides.
public final class MultiheadAttention: Module {
    /// The features of queries and of the output.
    public let embedDim: Int
    /// The number of heads, among which the features are divided.
    public let numHeads: Int
    /// The probability with which a weight is dropped while training.
    public let dropout: Double
    /// The features of keys, and of values.
    public let kdim: Int
    public let vdim: Int
    /// Whether the batch comes before the sequence.
    public let batchFirst: Bool
    /// Whether a key and a value of zeros come behind the others.
    public let addZeroAttention: Bool
    /// The maps of queries, keys and values one above the other, of shape `[3 embedDim, embedDim]`; `nil` where keys or
    /// values have other features than queries.
    public let inProjectionWeight: Parameter?
    /// Those maps one by one, where `inProjectionWeight` is `nil`: `[embedDim, embedDim]`, `[embedDim, kdim]` and
    /// `[embedDim, vdim]`.
    public let queryWeight: Parameter?
    public let keyWeight: Parameter?
    public let valueWeight: Parameter?
    /// The maps' biases one behind the other, of shape `[3 embedDim]`; `nil` in a layer without.
    public let inProjectionBias: Parameter?
    /// A key and a value behind the others, of shape `[1, 1, embedDim]`; `nil` in a layer without.
    public let keyBias: Parameter?
    public let valueBias: Parameter?
    /// The map to the output.
    public let outProjection: Linear

    public static var stateDictNames: [String: String] {
        [
            "inProjectionWeight": "in_proj_weight", "queryWeight": "q_proj_weight", "keyWeight": "k_proj_weight",
            "valueWeight": "v_proj_weight", "inProjectionBias": "in_proj_bias", "keyBias": "bias_k",
            "valueBias": "bias_v", "outProjection": "out_proj",
        ]
    }

    /// Makes a layer whose parameters are drawn as PyTorch draws them: the maps of queries, keys and values uniformly by
    /// Glorot and Bengio's rule, the extra key and value normally by the same, the output's map as any ``Linear``'s, and
    /// biases 0.
    ///
    /// - Parameters:
    ///   - dropout: the probability with which a weight is dropped while training.
    ///   - bias: whether the maps have biases.
    ///   - addBiasKV: whether a learned key and value come behind the others.
    ///   - addZeroAttention: whether a key and a value of zeros do.
    ///   - kdim: the features of keys, by default `embedDim`; `vdim` those of values.
    ///   - batchFirst: whether the batch comes before the sequence.
    ///
    /// Refused unless `embedDim` is a multiple of `numHeads`, both positive, and `dropout` from 0 to 1.
    public init(
        _ embedDim: Int,
        _ numHeads: Int,
        dropout: Double = 0,
        bias: Bool = true,
        addBiasKV: Bool = false,
        addZeroAttention: Bool = false,
        kdim: Int? = nil,
        vdim: Int? = nil,
        batchFirst: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        let site = CallSite(file, line)
        let (keyFeatures, valueFeatures) = (kdim ?? embedDim, vdim ?? embedDim)
        let fits = embedDim > 0 && numHeads > 0 && embedDim % numHeads == 0 && keyFeatures >= 0 && valueFeatures >= 0
        if !fits {
            refuse(
                "MultiheadAttention",
                "\(embedDim) features cannot be divided among \(numHeads) heads, for keys of \(keyFeatures) and values "
                    + "of \(valueFeatures) features: they must be a positive multiple of the heads, and no size negative",
                at: site
            )
        }
        let probability = checkedProbability(dropout, "MultiheadAttention", at: site)
        self.embedDim = fits ? embedDim : 1
        self.numHeads = fits ? numHeads : 1
        self.kdim = fits ? keyFeatures : 1
        self.vdim = fits ? valueFeatures : 1
        self.dropout = probability
        self.batchFirst = batchFirst
        self.addZeroAttention = addZeroAttention
        let (width, k, v) = (self.embedDim, self.kdim, self.vdim)
        func draw(_ shape: [Int]) -> Parameter {
            refusing(as: "MultiheadAttention", at: site) { Parameter(Tensor.drawnByGlorot(shape)) }
        }
        let isJoined = k == width && v == width
        inProjectionWeight = isJoined ? draw([3 * width, width]) : nil
        queryWeight = isJoined ? nil : draw([width, width])
        keyWeight = isJoined ? nil : draw([width, k])
        valueWeight = isJoined ? nil : draw([width, v])
        inProjectionBias = bias ? Parameter(Tensor(zeros: [3 * width])) : nil
        outProjection = Linear(width, width, bias: bias, file: file, line: line)
        outProjection.bias?.value = Tensor(zeros: [width])
        // PyTorch counts the second size as inputs and the first as outputs, times what comes behind.
        let deviation = (1 / Double(width)).squareRoot()
        func drawExtra() -> Parameter? {
            addBiasKV ? Parameter(Tensor(normal: [1, 1, width], standardDeviation: deviation)) : nil
        }
        keyBias = drawExtra()
        valueBias = drawExtra()
    }

    /// What the queries attend to, of their shape.
    ///
    /// - Parameters:
    ///   - keyPaddingMask: of shape `[N, S]`, or `[S]` without a batch: true for keys that no query sees, or numbers that
    ///     are added to the scores.
    ///   - attentionMask: of shape `[L, S]`, or `[N * numHeads, L, S]`: true for pairs that are hidden, or numbers that are
    ///     added to the scores.
    ///   - isCausal: whether query i sees keys 0 … i alone, whatever the masks; PyTorch has it as a hint beside a mask
    ///     that says the same.
    ///
    /// Refused where shapes do not match the layer, each other or the masks.
    public func callAsFunction(
        _ query: Tensor,
        _ key: Tensor,
        _ value: Tensor,
        keyPaddingMask: Tensor? = nil,
        attentionMask: Tensor? = nil,
        isCausal: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let masks = AttentionMasks(padding: keyPaddingMask, pairs: attentionMask, isCausal: isCausal)
        return output(query, key, value, masks, weights: nil, at: CallSite(file, line)).output
    }

    /// What the queries attend to, and, if `needWeights`, by which weights: of shape `[N, L, S]` where they are averaged
    /// over the heads, else `[N, numHeads, L, S]`, without a batch without N.
    ///
    /// With weights it takes memory for all pairs, and longer. What else it takes, and refuses, is said above.
    public func callAsFunction(
        _ query: Tensor,
        _ key: Tensor,
        _ value: Tensor,
        keyPaddingMask: Tensor? = nil,
        needWeights: Bool,
        attentionMask: Tensor? = nil,
        averageAttentionWeights: Bool = true,
        isCausal: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> (output: Tensor, weights: Tensor?) {
        let masks = AttentionMasks(padding: keyPaddingMask, pairs: attentionMask, isCausal: isCausal)
        let wanted: WantedWeights? = needWeights ? (averageAttentionWeights ? .averaged : .each) : nil
        return output(query, key, value, masks, weights: wanted, at: CallSite(file, line))
    }

    private enum WantedWeights { case averaged, each }

    private func output(
        _ query: Tensor,
        _ key: Tensor,
        _ value: Tensor,
        _ masks: AttentionMasks,
        weights wanted: WantedWeights?,
        at site: CallSite
    ) -> (output: Tensor, weights: Tensor?) {
        var weights: Tensor?
        let standIn = Layout(nearest: query.shape.dropLast() + [embedDim])
        let dtype = query.dtype.isFloatingPoint ? query.dtype : .float32
        let output = Call("MultiheadAttention", at: site).checked(standIn: standIn, dtype) { call throws(Refusal) in
            try check(query, key, value, call)
            let isBatched = query.rank == 3
            let batchAxis = batchFirst ? 0 : 1
            let length = query.size(isBatched && batchFirst ? 1 : 0)
            let keys = key.size(isBatched && batchFirst ? 1 : 0)
            let batch = isBatched ? query.size(batchAxis) : 1
            var mask = try masks.merged(batch: batch, heads: numHeads, queries: length, keys: keys, isBatched, call)
            return refusing(as: "MultiheadAttention", at: site) {
                var (q, k, v) = heads(query, key, value, isBatched: isBatched, at: site)
                var isCausal = masks.isCausal
                let extra = extraKeys(batch: batch, dtype: k.dtype)
                for (key, value) in extra {
                    k = concatenated([k, key], axis: 2)
                    v = concatenated([v, value], axis: 2)
                }
                if !extra.isEmpty {
                    // Every query sees these.
                    mask = AttentionMasks.widened(
                        mask,
                        by: extra.count,
                        causal: isCausal ? (queries: length, keys: keys) : nil
                    )
                    isCausal = false
                }
                let attended: Tensor
                if let wanted {
                    var all = attentionWeights(q, k, mask: mask, isCausal: isCausal, at: site)
                    all = dropped(all, at: site)
                    attended = matmul(all, v)
                    let shown = wanted == .averaged ? all.mean(axis: 1) : all
                    weights = isBatched ? shown : shown.squeezed(axis: 0)
                } else {
                    let probability = Mode.current == .training ? dropout : 0
                    attended = scaledDotProductAttention(q, k, v, mask: mask, dropout: probability, isCausal: isCausal)
                }
                let joined = attended.permuted(batchFirst ? [0, 2, 1, 3] : [2, 0, 1, 3])
                let rows = batchFirst ? [batch, length, embedDim] : [length, batch, embedDim]
                let output = outProjection(joined.reshaped(rows), file: site.file, line: site.line)
                return isBatched ? output : output.squeezed(axis: batchAxis)
            }
        }
        if wanted != nil, weights == nil { weights = standInForWeights(query, key, wanted == .averaged) }
        return (output, weights)
    }

    private func dropped(_ weights: Tensor, at site: CallSite) -> Tensor {
        guard Mode.current == .training, dropout > 0, !weights.isFailed else { return weights }
        return weights
            * Tensor.dropoutMask(weights.shape, dtype: weights.dtype, probability: dropout, at: site)
    }

    private func standInForWeights(_ query: Tensor, _ key: Tensor, _ isAveraged: Bool) -> Tensor {
        func length(_ tensor: Tensor) -> Int {
            tensor.rank == 3 ? tensor.extent(batchFirst ? 1 : 0) : tensor.rank > 0 ? tensor.extent(0) : 1
        }
        let batch = query.rank == 3 ? [query.extent(batchFirst ? 0 : 1)] : []
        let shape = batch + (isAveraged ? [] : [numHeads]) + [length(query), length(key)]
        return Tensor(standIn: Layout(nearest: shape), dtype: query.dtype.isFloatingPoint ? query.dtype : .float32)
    }

    private func check(_ query: Tensor, _ key: Tensor, _ value: Tensor, _ call: Call) throws(Refusal) {
        let named = "queries of shape \(query.shape), keys of shape \(key.shape) and values of shape \(value.shape)"
        try call.require(
            (2...3).contains(query.rank) && key.rank == query.rank && value.rank == query.rank,
            "\(named): all must have three dimensions, or without a batch two"
        )
        let last = query.rank - 1
        try call.require(
            query.extent(last) == embedDim && key.extent(last) == kdim && value.extent(last) == vdim,
            "\(named): the features must be \(embedDim), \(kdim) and \(vdim)"
        )
        try call.require(
            (0..<last).allSatisfy { key.extent($0) == value.extent($0) },
            "\(named): there must be as many keys as values"
        )
        guard last == 2 else { return }
        let batch = batchFirst ? 0 : 1
        try call.require(
            query.extent(batch) == key.extent(batch),
            "\(named): the batches, which are axis \(batch), differ"
        )
    }

    // MARK: Queries, keys and values of each head

    /// Those of shape [batch, heads, rows, features].
    private func heads(
        _ query: Tensor,
        _ key: Tensor,
        _ value: Tensor,
        isBatched: Bool,
        at site: CallSite
    ) -> (Tensor, Tensor, Tensor) {
        func batched(_ tensor: Tensor) -> Tensor { isBatched ? tensor : tensor.unsqueezed(axis: batchFirst ? 0 : 1) }
        guard let weight = inProjectionWeight?.value else {
            let maps = [(query, queryWeight), (key, keyWeight), (value, valueWeight)]
            let mapped = maps.enumerated().map { index, map in
                // There are these weights where there are none for all three.
                split(batched(map.0).mapped(map.1!.value, bias(index, 1), at: site), into: 1)[0]
            }
            return (mapped[0], mapped[1], mapped[2])
        }
        if query.isIdentical(to: key), key.isIdentical(to: value) {
            let all = split(batched(query).mapped(weight, inProjectionBias?.value, at: site), into: 3)
            return (all[0], all[1], all[2])
        }
        func part(_ tensor: Tensor, _ first: Int, _ count: Int) -> [Tensor] {
            let rows = weight[first * embedDim..<(first + count) * embedDim]
            return split(batched(tensor).mapped(rows, bias(first, count), at: site), into: count)
        }
        let q = part(query, 0, 1)[0]
        if key.isIdentical(to: value) {
            let both = part(key, 1, 2)
            return (q, both[0], both[1])
        }
        return (q, part(key, 1, 1)[0], part(value, 2, 1)[0])
    }

    private func bias(_ first: Int, _ count: Int) -> Tensor? {
        inProjectionBias?.value[first * embedDim..<(first + count) * embedDim]
    }

    /// `count` tensors of shape [batch, heads, rows, features] that lie side by side in the features of `joined`.
    private func split(_ joined: Tensor, into count: Int) -> [Tensor] {
        let size = embedDim / numHeads
        let (outer, inner) = (joined.extent(0), joined.extent(1))
        if count == 1 {
            return [
                joined.reshaped([outer, inner, numHeads, size]).permuted(batchFirst ? [0, 2, 1, 3] : [1, 2, 0, 3])
            ]
        }
        let parts = joined.reshaped([outer, inner, count, numHeads, size])
            .permuted(batchFirst ? [2, 0, 3, 1, 4] : [2, 1, 3, 0, 4])
        return (0..<count).map { parts[$0] }
    }

    /// The keys and values behind the others, of shape [batch, heads, 1, features] each.
    private func extraKeys(batch: Int, dtype: DType) -> [(key: Tensor, value: Tensor)] {
        let size = embedDim / numHeads
        func spread(_ tensor: Tensor) -> Tensor {
            tensor.reshaped([1, numHeads, 1, size]).expanded(to: [batch, numHeads, 1, size])
        }
        var extra: [(key: Tensor, value: Tensor)] = []
        if let keyBias, let valueBias {
            extra.append((spread(keyBias.value), spread(valueBias.value)))
        }
        if addZeroAttention {
            let zeros = Tensor(zeros: [batch, numHeads, 1, size], dtype: dtype)
            extra.append((zeros, zeros))
        }
        return extra
    }
}

extension Tensor {
    /// This tensor's last axis mapped by `weight`, of shape [outputs, inputs], plus `bias`.
    fileprivate func mapped(_ weight: Tensor, _ bias: Tensor?, at site: CallSite) -> Tensor {
        let (shape, outputs) = (shape, weight.extent(0))
        let rows = reshaped([shape.dropLast().reduce(1, *), shape.last!])
        let product: Tensor
        if dtype == weight.dtype {
            product = rows.linear(weight, bias, nil, at: site)
        } else {
            let sum = matmul(rows, weight.T)
            product = bias.map { sum + $0 } ?? sum
        }
        return product.reshaped(shape.dropLast() + [outputs])
    }

    /// Numbers uniform between -k and k, where k is the root of 6 over the inputs and outputs of a map together: Glorot
    /// and Bengio, "Understanding the difficulty of training deep feedforward neural networks" (2010).
    static func drawnByGlorot(_ shape: [Int], dtype: DType = .float32) -> Tensor {
        let sizes = shape.reduce(0, +)
        if sizes == 0 || shape.contains(0) { return Tensor(zeros: shape, dtype: dtype) }
        let bound = (6 / Double(sizes)).squareRoot()
        return Tensor(uniform: shape, in: -bound..<bound, dtype: dtype)
    }
}

/// `probability` if it is one; otherwise, after refusing, 0.
func checkedProbability(_ probability: Double, _ layer: String, at site: CallSite) -> Double {
    if (0...1).contains(probability) { return probability }
    refuse(layer, "the dropout probability is \(probability); it must be from 0 to 1", at: site)
    return 0
}
