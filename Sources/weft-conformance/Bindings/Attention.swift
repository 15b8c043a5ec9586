import Weft

/// Attention.
extension ConformanceSuite {
    static let attention: [String: CaseOperation] = [
        "nn.functional.scaled_dot_product_attention": { a in
            let (query, key, value) = (try a.tensor(0, "query"), try a.tensor(1, "key"), try a.tensor(2, "value"))
            let dropout = try a.double(4, "dropout_p", or: 0)
            guard dropout == 0 else { throw LeftOut(reason: "random") }
            return [
                scaledDotProductAttention(
                    query,
                    key,
                    value,
                    mask: try a.optionalTensor(3, "attn_mask"),
                    isCausal: try a.bool(5, "is_causal", or: false),
                    scale: try a.optionalDouble(6, "scale"),
                    enableGQA: try a.bool(7, "enable_gqa", or: false)
                )
            ]
        }
    ]
}
