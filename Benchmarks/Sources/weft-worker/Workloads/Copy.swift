import Weft

/// Copies of `a` with its elements in another order.
func copy(_ row: PreparedRow) throws -> any Workload {
    let a = try row.tensor("a")
    switch row.operation {
    case "transpose": return Repeated { a.T.contiguous() }
    default: throw row.unknownOperation
    }
}
