import Weft

/// Matrix products, and linear maps.
extension ConformanceSuite {
    static let products: [String: CaseOperation] = [
        "matmul": { a in [matmul(try a.tensor(0, "input"), try a.tensor(1, "other"))] },
        "mm": { a in [matmul(try a.tensor(0, "input"), try a.tensor(1, "mat2"))] },
        "bmm": { a in [matmul(try a.tensor(0, "input"), try a.tensor(1, "mat2"))] },
        "mv": { a in [matmul(try a.tensor(0, "input"), try a.tensor(1, "vec"))] },
        "dot": { a in [dot(try a.tensor(0, "input"), try a.tensor(1, "tensor"))] },
        "inner": { a in [inner(try a.tensor(0, "input"), try a.tensor(1, "other"))] },
        "outer": { a in [outer(try a.tensor(0, "input"), try a.tensor(1, "vec2"))] },
        "kron": { a in [kron(try a.tensor(0, "input"), try a.tensor(1, "other"))] },
        "cross": { a in
            [cross(try a.tensor(0, "input"), try a.tensor(1, "other"), axis: try a.optionalInt(2, "dim"))]
        },
        "addmm": scaledSum { addmm($0, $1, $2, beta: $3, alpha: $4) },
        "addmv": scaledSum { addmv($0, $1, $2, beta: $3, alpha: $4) },
        "addr": scaledSum { addr($0, $1, $2, beta: $3, alpha: $4) },
        "addbmm": scaledSum { addbmm($0, $1, $2, beta: $3, alpha: $4) },
        "baddbmm": scaledSum { baddbmm($0, $1, $2, beta: $3, alpha: $4) },
        "einsum": { a in [einsum(try a.string(1, "equation"), try a.tensors(0, "operands"))] },
        "tensordot": { a in
            let (first, second) = (try a.tensor(0, "a"), try a.tensor(1, "b"))
            guard a.isList(2, "dims") else { return [tensordot(first, second, axes: try a.int(2, "dims", or: 2))] }
            let axes = try a.members(2, "dims").map { try CaseArguments([$0], []).ints(0, "dims") }
            return [tensordot(first, second, axes: (axes[0], axes[1]))]
        },
        "nn.functional.linear": { a in
            [linear(try a.tensor(0, "input"), weight: try a.tensor(1, "weight"), bias: try a.optionalTensor(2, "bias"))]
        },
        "nn.functional.bilinear": { a in
            [
                bilinear(
                    try a.tensor(0, "input1"),
                    try a.tensor(1, "input2"),
                    weight: try a.tensor(2, "weight"),
                    bias: try a.optionalTensor(3, "bias")
                )
            ]
        },
    ]

    /// A product with factors of both terms.
    private static func scaledSum(
        _ function: @escaping @Sendable (Tensor, Tensor, Tensor, Double, Double) -> Tensor
    ) -> CaseOperation {
        { a in
            [
                function(
                    try a.tensor(0, "input"),
                    try a.tensor(1, "mat1"),
                    try a.tensor(2, "mat2"),
                    try a.double(3, "beta", or: 1),
                    try a.double(4, "alpha", or: 1)
                )
            ]
        }
    }
}
