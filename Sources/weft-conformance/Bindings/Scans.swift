import Weft

/// Cumulative operations, and softmax.
extension ConformanceSuite {
    static let scans: [String: CaseOperation] = [
        "cumsum": { a in [try a.tensor(0, "input").cumulativeSum(axis: try a.int(1, "dim"))] }
    ]
}
