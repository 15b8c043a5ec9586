import Weft

/// The same elements under another shape.
extension ConformanceSuite {
    static let views: [String: CaseOperation] = [
        "reshape": { a in [try a.tensor(0, "input").reshaped(try a.ints(1, "shape"))] },
        "view": { a in [try a.tensor(0, "input").reshaped(try a.ints(1, "shape"))] },
        "permute": { a in [try a.tensor(0, "input").permuted(try a.ints(1, "dims"))] },
        "transpose": { a in [try a.tensor(0, "input").transposed(try a.int(1, "dim0"), try a.int(2, "dim1"))] },
        "unsqueeze": { a in [try a.tensor(0, "input").unsqueezed(axis: try a.int(1, "dim"))] },
    ]
}
