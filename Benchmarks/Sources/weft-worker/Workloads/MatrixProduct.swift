import Weft

/// Products of `a` and `b`, either of which may be stored transposed; batched if both have three dimensions.
func matrixProduct(_ row: PreparedRow) throws -> any Workload {
    let (a, b) = (try row.tensor("a"), try row.tensor("b"))
    switch row.operation {
    case "nn": return Repeated { matmul(a, b) }
    case "nt": return Repeated { matmul(a, b.T) }
    case "tn": return Repeated { matmul(a.T, b) }
    default: throw row.unknownOperation
    }
}
