import Weft

/// Scaled dot-product attention of `query` to `key` and `value`.
func attention(_ row: PreparedRow) throws -> any Workload {
    let inputs = try ["query", "key", "value"].map(row.tensor)
    let (mask, isCausal) = (row.optionalTensor("mask"), try row.size("causal") == 1)
    return try passes(
        row,
        of: inputs,
        forward: { scaledDotProductAttention($0[0], $0[1], $0[2], mask: mask, isCausal: isCausal) },
        gradient: { try row.tensor("gradient") }
    )
}

/// All steps of layers of long short-term memory, or of gated recurrent units.
func recurrence(_ row: PreparedRow) throws -> any Workload {
    throw Missing("Weft has no recurrence")
}
