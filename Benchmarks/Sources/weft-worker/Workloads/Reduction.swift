import Weft

/// Reductions of `a` along the row's axis, or of all its elements.
func reduction(_ row: PreparedRow) throws -> any Workload {
    let a = try row.tensor("a")
    guard let axis = row.optionalSize("axis") else {
        switch row.operation {
        case "sum": return Repeated { a.sum() }
        case "mean": return Repeated { a.mean() }
        case "max": return Repeated { a.max() }
        case "argmax": return Repeated { a.argmax() }
        default: throw row.unknownOperation
        }
    }
    switch row.operation {
    case "sum": return Repeated { a.sum(axis: axis) }
    case "mean": return Repeated { a.mean(axis: axis) }
    case "max": return Repeated { a.max(axes: [axis]) }
    case "argmax": return Repeated { a.argmax(axis: axis) }
    default: throw row.unknownOperation
    }
}
