import Weft

/// Softmax and its logarithm along the last axis of `x`.
func softmax(_ row: PreparedRow) throws -> any Workload {
    let isLogarithm = row.kind == "logsoftmax"
    func function(_ x: Tensor) -> Tensor { isLogarithm ? x.logSoftmax(axis: -1) : x.softmax(axis: -1) }
    let x = try row.tensor("x")
    return try passes(row, of: [x], forward: { function($0[0]) }, gradient: { try row.tensor("gradient") })
}

/// Layer norm over the last axis of `x`.
func layerNorm(_ row: PreparedRow) throws -> any Workload {
    let inputs = try ["x", "weight", "bias"].map(row.tensor)
    let columns = try row.size("columns")
    return try passes(
        row,
        of: inputs,
        forward: { $0[0].layerNorm([columns], weight: $0[1], bias: $0[2]) },
        gradient: { try row.tensor("gradient") }
    )
}

/// The mean cross-entropy of `logits` and the classes in `labels`.
func crossEntropy(_ row: PreparedRow) throws -> any Workload {
    let labels = try row.tensor("labels")
    return try passes(
        row,
        of: [row.tensor("logits")],
        forward: { crossEntropy($0[0], labels) },
        gradient: { nil }
    )
}
