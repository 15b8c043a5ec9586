import Weft

/// Elementwise operations on tensors of one shape, and of a matrix and a row.
func pointwise(_ row: PreparedRow) throws -> any Workload {
    let a = try row.tensor("a")
    switch row.operation {
    case "add", "row-broadcast":
        let b = try row.tensor("b")
        return Repeated { a + b }
    case "multiply-add":
        let (b, c) = (try row.tensor("b"), try row.tensor("c"))
        return Repeated { addcmul(c, a, b) }
    case "exp": return Repeated { a.exp() }
    case "log": return Repeated { a.log() }
    case "tanh": return Repeated { a.tanh() }
    case "sigmoid": return Repeated { a.sigmoid() }
    case "gelu": return Repeated { a.gelu() }
    case "erf": return Repeated { a.erf() }
    case "where":
        let (b, mask) = (try row.tensor("b"), try row.tensor("mask"))
        return Repeated { `where`(mask, a, b) }
    case "chain":
        let (b, c) = (try row.tensor("b"), try row.tensor("c"))
        return Repeated { (addcmul(c, a, b).tanh() * b - c).relu() }
    default: throw row.unknownOperation
    }
}
