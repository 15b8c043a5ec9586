import WeftTensor

/// The masks that a layer is given, in PyTorch's terms, where true hides.
struct AttentionMasks {
    let padding: Tensor?
    let pairs: Tensor?
    let isCausal: Bool

    /// One mask in the terms of attention itself, where true shows, or numbers that are added to the scores; it broadcasts
    /// to [batch, heads, queries, keys]. Nil without masks.
    func merged(
        batch: Int,
        heads: Int,
        queries: Int,
        keys: Int,
        _ isBatched: Bool,
        _ call: Call
    ) throws(Refusal) -> Tensor? {
        var masks: [Tensor] = []
        if let pairs {
            let shapes = [[queries, keys], [batch * heads, queries, keys]]
            try Self.check(pairs, "the attention mask", shapes, call)
            masks.append(pairs.rank == 2 ? pairs : pairs.reshaped([batch, heads, queries, keys]))
        }
        if let padding {
            try Self.check(padding, "the key padding mask", [isBatched ? [batch, keys] : [keys]], call)
            masks.append(padding.reshaped([batch, 1, 1, keys]))
        }
        guard let first = masks.first.map(Self.shown) else { return nil }
        return masks.dropFirst().map(Self.shown).reduce(first, Self.both)
    }

    private static func check(_ mask: Tensor, _ name: String, _ shapes: [[Int]], _ call: Call) throws(Refusal) {
        try call.require(
            mask.dtype == .bool || mask.dtype.isFloatingPoint,
            "\(name) must be bool, or numbers that are added to the scores, not \(mask.dtype)"
        )
        let wanted = shapes.map { "\($0)" }.joined(separator: " or ")
        try call.require(shapes.contains(mask.shape), "\(name) has shape \(mask.shape); it must have \(wanted)")
    }

    private static func shown(_ mask: Tensor) -> Tensor { mask.dtype == .bool ? .!mask : mask }

    /// What both let be seen.
    private static func both(_ a: Tensor, _ b: Tensor) -> Tensor {
        if a.dtype == .bool, b.dtype == .bool { return a .& b }
        let dtype = a.dtype == .bool ? b.dtype : a.dtype
        return added(a, dtype) + added(b, dtype)
    }

    private static func added(_ mask: Tensor, _ dtype: DType) -> Tensor {
        mask.dtype == .bool ? `where`(mask, 0.0, -Double.infinity).to(dtype) : mask
    }

    /// `mask` for `count` keys more, which every query sees.
    ///
    /// - Parameter causal: how many queries and keys there are, where query i sees keys 0 … i alone of those.
    static func widened(_ mask: Tensor?, by count: Int, causal: (queries: Int, keys: Int)?) -> Tensor? {
        var mask = mask
        if let causal {
            let isVisible = Tensor(arange: 0..<causal.keys) .<= Tensor(arange: 0..<causal.queries).unsqueezed(axis: 1)
            mask = mask.map { both($0, isVisible) } ?? isVisible
        }
        guard let mask else { return nil }
        let shape = mask.shape.dropLast() + [count]
        let seen =
            mask.dtype == .bool
            ? Tensor(zeros: Array(shape), dtype: .int64) .== 0 : Tensor(zeros: Array(shape), dtype: mask.dtype)
        return concatenated([mask, seen], axis: -1)
    }
}
