import Weft

/// The forward pass of a function of `inputs`, or its backward pass alone, whose forward pass is made here.
///
/// - Parameter gradient: that of the result, for the backward pass; nil stands for one.
func passes(
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
