extension Catalog {
    static let attention: [Row] = attentionShapes.flatMap { shape in
        ["forward", "backward"].map { attend(shape, $0) }
    }

    /// Queries, keys and values of `context` positions in each of `heads`.
    private struct Attention {
        var batch: Int
        var heads: Int
        var context: Int
        var width: Int
        var isCausal = false
        /// Whether a mask with as many rows and columns as there are positions, one for each of the batch, says who
        /// sees whom.
        var hasMask = false

        var shape: [Int] { [batch, heads, context, width] }

        var name: String {
            "attention/\(shape.map(String.init).joined(separator: "x"))"
                + (isCausal ? "/causal" : "") + (hasMask ? "/mask" : "")
        }
    }

    private static let attentionShapes = [
        Attention(batch: 8, heads: 4, context: 128, width: 32, isCausal: true),
        Attention(batch: 1, heads: 8, context: 1024, width: 64),
        Attention(batch: 4, heads: 8, context: 512, width: 64, hasMask: true),
    ]

    private static func attend(_ shape: Attention, _ pass: String) -> Row {
        var list = InputList()
        for name in ["query", "key", "value"] { list.uniform(name, shape.shape) }
        if shape.hasMask { list.mask("mask", [shape.batch, 1, shape.context, shape.context]) }
        if pass == "backward" { list.uniform("gradient", shape.shape) }
        let pairs = shape.isCausal ? shape.context * (shape.context + 1) / 2 : shape.context * shape.context
        // Scores and weighted values; backward their gradients, twice as many products, and the scores once more.
        let products = pass == "forward" ? 2 : 5
        let multiplyAdds = products * shape.batch * shape.heads * pairs * shape.width
        let tensors = pass == "forward" ? 4 : 8
        return Row(
            name: "\(shape.name)/\(pass)",
            group: "attend",
            kind: "attention",
            operation: pass,
            sizes: ["causal": shape.isCausal ? 1 : 0],
            inputs: list.inputs,
            tolerance: 1e-5,
            work: Row.Work(
                bound: .compute,
                flops: 2 * Double(multiplyAdds),
                bytes: Double(tensors * shape.shape.reduce(1, *)) * floatSize
            ),
            quick: shape.isCausal
        )
    }
}
