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
    let (x, layers, width) = (try row.tensor("x"), try row.size("layers"), try row.size("width"))
    guard x.rank == 3, layers > 0 else { throw Mistake("\(layers) layers cannot read \(x.shape)") }
    let data = ["x", "gradient"]
    let outputs: (Tensor) -> Tensor
    let parameters: [(name: String, parameter: Parameter)]
    if row.kind == "lstm" {
        let model = LSTM(x.shape[2], width, numLayers: layers)
        try model.load(initial: row.parameters(after: data))
        outputs = { model($0).output }
        parameters = model.namedParameters
    } else {
        let model = GRU(x.shape[2], width, numLayers: layers)
        try model.load(initial: row.parameters(after: data))
        outputs = { model($0).output }
        parameters = model.namedParameters
    }
    switch row.operation {
    case "forward": return Repeated { noGrad { outputs(x) } }
    case "backward":
        let leaf = x.withRequiresGrad()
        let result = outputs(leaf)
        let gradient = try row.tensor("gradient")
        let byName = Dictionary(parameters.map { ($0.name, $0.parameter.value) }) { first, _ in first }
        let leaves = [leaf] + row.parameterNames(after: data).compactMap { byName[$0] }
        return Repeated { grad(of: result, withRespectTo: leaves, gradient: gradient, retainGraph: true) }
    default: throw row.unknownOperation
    }
}
