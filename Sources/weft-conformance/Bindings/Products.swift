import Weft

/// Matrix products.
extension ConformanceSuite {
    static let products: [String: CaseOperation] = [
        "matmul": { a in [matmul(try a.tensor(0, "input"), try a.tensor(1, "other"))] },
        "mm": { a in [matmul(try a.tensor(0, "input"), try a.tensor(1, "mat2"))] },
        "bmm": { a in [matmul(try a.tensor(0, "input"), try a.tensor(1, "mat2"))] },
    ]
}
