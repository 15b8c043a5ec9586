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

/// The forward pass of a function of `inputs`, or its backward pass alone, whose forward pass is made here.
private func passes(
    _ row: PreparedRow,
    of inputs: [Tensor],
    forward: @escaping ([Tensor]) -> Tensor,
    gradient: () throws -> Tensor?
) throws -> any Workload {
    switch row.operation {
    case "forward": return Repeated { forward(inputs) }
    case "backward":
        let leaves = inputs.map { $0.withRequiresGrad() }
        let result = forward(leaves)
        let gradient = try gradient()
        return Repeated { grad(of: result, withRespectTo: leaves, gradient: gradient, retainGraph: true) }
    default: throw row.unknownOperation
    }
}
