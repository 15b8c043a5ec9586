import Weft

/// Comparisons and logic.
extension ConformanceSuite {
    static let comparisons: [String: CaseOperation] = [
        "eq": byNumber { $0 .== $1 },
        "ne": byNumber { $0 .!= $1 },
        "lt": byNumber { $0 .< $1 },
        "le": byNumber { $0 .<= $1 },
        "gt": byNumber { $0 .> $1 },
        "ge": byNumber { $0 .>= $1 },
        "logical_and": tensors { $0.logicalAnd($1) },
        "logical_or": tensors { $0.logicalOr($1) },
        "logical_xor": tensors { $0.logicalXor($1) },
    ]
}
