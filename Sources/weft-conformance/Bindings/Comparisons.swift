import Weft

/// Comparisons and logic.
extension ConformanceSuite {
    static let comparisons: [String: CaseOperation] = [
        "eq": binary { $0 .== $1 },
        "ne": binary { $0 .!= $1 },
        "lt": binary { $0 .< $1 },
        "le": binary { $0 .<= $1 },
        "gt": binary { $0 .> $1 },
        "ge": binary { $0 .>= $1 },
        "logical_and": binary { $0.logicalAnd($1) },
        "logical_or": binary { $0.logicalOr($1) },
        "logical_xor": binary { $0.logicalXor($1) },
    ]
}
